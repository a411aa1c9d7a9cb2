package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.document.PolicyRenderer;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.model.Span;
import com.xonetwork.tailnet.policy.reach.Reach;
import com.xonetwork.tailnet.policy.reach.ReachChange;
import com.xonetwork.tailnet.policy.reach.ReachComparison;
import com.xonetwork.tailnet.policy.tests.PolicyTests;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Abridged;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What policies would do before anybody has them, worked out anew for each question. {@link PolicyForesight} keeps the answers. */
@Pure
final class PolicyOutlook {

    private static final PolicyView NOTHING = PolicyView.of("{}");

    private static final int LINES = 50;
    /** Of losses and of gains, whichever there are more of. */
    private static final int LINES_OF_EACH = 25;

    private static final int LINE = 300;
    private static final int OBJECTIONS = 50;
    private static final int FAILED_TESTS = 5;
    private static final int FIRST_LOSSES = 3;

    private PolicyOutlook() {}

    /**
     * What is kept of a comparison, whose list of changes may be long.
     *
     * @param counts without the changes
     * @param losses the first ones in words; empty if there are none
     */
    record Difference(PolicyImpact impact, ReachComparison counts, String losses) {}

    /**
     * Why the service would refuse the policy, in its own words: the first is what it would answer. Domains are not judged, as nobody
     * tells which belong to the tailnet. Of the 94 policies that the live service refused in the captures, Headscale 0.29.1
     * refuses all but three, which are about domains. Tests are if the machines are known and nothing is decided on what we do not know.
     */
    static List<Objection> objections(PolicyView view, Optional<Topology> topology, PolicySyntax syntax) {
        Policy policy;
        try {
            policy = Policy.parse(PolicyRenderer.render(view.policy(), List.of()), syntax);
        } catch (HuJsonSyntaxException e) {
            return List.of(new Objection(String.valueOf(e.getMessage()), List.of(), false));
        }
        var findings = PolicyValidator.validate(policy, Domains.UNKNOWN).findings().stream()
                // Headscale 0.29.1 takes it for all ports (POST /policy/check), so that it is left to the control
                // plane.
                .filter(one -> !one.allPortsByNumber())
                .limit(OBJECTIONS)
                .map(finding -> new Objection(finding.message(), List.of(place(policy, finding.span())), true))
                .toList();
        return findings.isEmpty()
                ? topology.flatMap(known -> failedTests(view, policy, known)).stream()
                        .toList()
                : findings;
    }

    private static HuPath place(Policy policy, Span span) {
        return policy.document().wayTo(span.start());
    }

    private static Optional<Objection> failedTests(PolicyView view, Policy policy, Topology topology) {
        // The control plane runs them too.
        var none = policy.tests().isEmpty() && policy.sshTests().isEmpty()
                || PolicyLoad.tooLargeToCompare(NOTHING.policy(), view.policy(), topology)
                        .isPresent();
        if (none || !PolicyUnknowns.of(view.policy()).isEmpty()) {
            return Optional.empty();
        }
        var failures = PolicyTests.run(
                policy,
                new CompiledPolicy(policy, TailnetTopology.withUsersOf(view.policy(), topology, policy.syntax())));
        if (failures.isEmpty()) {
            return Optional.empty();
        }
        var told = Abridged.list(
                failures, FAILED_TESTS, "; ", failure -> failure.source() + ": " + String.join(", ", failure.errors()));
        return Optional.of(new Objection(
                PolicyTests.FAILED + ": " + told,
                failures.stream()
                        .limit(FAILED_TESTS)
                        .map(failure -> place(policy, failure.span()))
                        .toList(),
                false));
    }

    /** Why it is not worked out, in words for users; empty when it is. */
    static Optional<String> tooMuch(PolicyView before, PolicyView after, Topology topology) {
        return PolicyLoad.tooLargeToCompare(before.policy(), after.policy(), topology);
    }

    /** What changes if one policy takes the place of another, bounded for a status. */
    static Difference compare(PolicyView before, PolicyView after, Topology topology, PolicySyntax syntax) {
        var comparison = Reach.compare(parse(before, syntax), parse(after, syntax), topology);
        var gains = comparison.changes().stream().filter(ReachChange::gained).toList();
        var losses =
                comparison.changes().stream().filter(change -> !change.gained()).toList();
        int shownLosses = Math.min(losses.size(), Math.max(LINES_OF_EACH, LINES - gains.size()));
        var lines = Stream.concat(
                        losses.stream().limit(shownLosses), gains.stream().limit(LINES - (long) shownLosses))
                .map(change -> cut(change.toString()))
                .toList();
        var unknown = Stream.of(before, after)
                .flatMap(view -> PolicyUnknowns.of(view.policy()).stream())
                .distinct()
                .toList();
        return new Difference(
                new PolicyImpact(
                        gains.size(), losses.size(), lines, unknown.isEmpty() ? null : String.join(", ", unknown)),
                new ReachComparison(List.of(), comparison.edges(), comparison.lost()),
                firstLosses(losses));
    }

    private static String firstLosses(List<ReachChange> losses) {
        return Abridged.list(losses, FIRST_LOSSES, "; ", change -> cut(change.toString()));
    }

    /** Which of the pairs a policy does not keep to, and how. */
    static List<String> violations(PolicyView policy, PolicyGuards guards, Topology topology, PolicySyntax syntax) {
        var hasPairs = !guards.mustReach().isEmpty() || !guards.mustNotReach().isEmpty();
        return Optional.of(topology)
                .filter(_ -> hasPairs)
                .flatMap(known -> tooMuch(NOTHING, policy, known))
                .map(why -> List.of("the operator does not check mustReach and mustNotReach: " + why))
                .orElseGet(() -> GuardedPairs.violations(policy, parse(policy, syntax), guards, topology));
    }

    private static Policy parse(PolicyView view, PolicySyntax syntax) {
        return Policy.parse(view.policy().toString(), syntax);
    }

    static String cut(String line) {
        return Abridged.text(line, LINE);
    }
}
