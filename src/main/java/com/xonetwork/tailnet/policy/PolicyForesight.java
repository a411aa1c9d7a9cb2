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
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Abridged;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says of one tailnet's policies what they would do before anybody has them. Every answer depends on the question alone;
 * the last ones are remembered, because one on 5,000 machines takes seconds and is asked at every reconciliation. A fault
 * in the engine must not stop the tailnet: it ends in the log, and holds back only what a guard should have judged.
 */
final class PolicyForesight {

    private static final Logger LOG = Logger.getLogger(PolicyForesight.class);

    /** As many observed fragments as are looked at, and the policies around them. */
    private static final int REMEMBERED = 32;

    private static final PolicyView NOTHING = PolicyView.of("{}");

    private static final int LINES = 50;
    /** Of losses and of gains, whichever there are more of. */
    private static final int LINES_OF_EACH = 25;

    private static final int LINE = 300;
    private static final int OBJECTIONS = 50;
    private static final int FAILED_TESTS = 5;
    private static final int FIRST_LOSSES = 3;

    private final Recent<Compared, Optional<Outlook>> outlooks = new Recent<>(REMEMBERED);
    private final Recent<Judged, List<Objection>> objections = new Recent<>(REMEMBERED);
    private final Recent<Guarded, List<String>> violations = new Recent<>(REMEMBERED);
    private final TailnetKey tailnet;
    private volatile @Nullable Machines latest;

    /** @param tailnet whose policies they are; named in the log */
    PolicyForesight(TailnetKey tailnet) {
        this.tailnet = tailnet;
    }

    /** @param number of the topology: comparing two of 5,000 machines again and again would cost more than the answers */
    record Machines(DeviceList devices, Topology topology, long number) {}

    private record Compared(String before, String after, long machines, PolicySyntax syntax) {}

    private record Judged(String policy, long machines, PolicySyntax syntax) {}

    private record Guarded(String policy, PolicyGuards guards, long machines, PolicySyntax syntax) {}

    /**
     * What is kept of a comparison, whose list of changes may be long.
     *
     * @param counts without the changes
     * @param losses the first ones in words; empty if there are none
     */
    record Outlook(PolicyImpact impact, ReachComparison counts, String losses) {}

    /** The tailnet's machines; the same number as long as nothing changed that a policy depends on. */
    Machines machines(DeviceList devices) {
        var before = latest;
        if (before != null && before.devices() == devices) {
            return before;
        }
        var topology = TailnetTopology.of(devices.devices());
        Machines now;
        if (before != null && before.topology().equals(topology)) {
            now = new Machines(devices, before.topology(), before.number());
        } else {
            now = new Machines(devices, topology, before == null ? 1 : before.number() + 1);
        }
        latest = now;
        return now;
    }

    /**
     * Why the service would refuse the policy, in its own words: the first is what it would answer. Domains are not judged, as nobody
     * tells which belong to the tailnet. Of the 94 policies that the live service refused in the captures, Headscale 0.29.1
     * refuses all but three, which are about domains. Tests are if the machines are known and nothing is decided on what we do not know.
     *
     * @param syntax while it is not known, nothing is judged
     */
    List<Objection> objections(PolicyView policy, Optional<Machines> machines, Optional<PolicySyntax> syntax) {
        if (syntax.isEmpty()) {
            return List.of();
        }
        var number = machines.map(Machines::number).orElse(0L);
        try {
            return objections.get(
                    new Judged(policy.fingerprint(), number, syntax.get()),
                    () -> judge(policy, machines.map(Machines::topology), syntax.get()));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to check policy %s; the control plane checks it",
                    tailnet,
                    policy.fingerprint());
            return List.of();
        }
    }

    private static List<Objection> judge(PolicyView view, Optional<Topology> topology, PolicySyntax syntax) {
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

    /**
     * What changes between the machines if one policy takes the place of another, bounded for a status. Empty if that
     * cannot be worked out.
     */
    Optional<Outlook> outlook(PolicyView before, PolicyView after, Machines machines, PolicySyntax syntax) {
        try {
            return outlooks.get(
                    new Compared(before.fingerprint(), after.fingerprint(), machines.number(), syntax),
                    () -> tooMuch(before, after, machines).isPresent()
                            ? Optional.empty()
                            : Optional.of(compare(before, after, machines.topology(), syntax)));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to compute what policy %s would change",
                    tailnet,
                    after.fingerprint());
            return Optional.empty();
        }
    }

    /** Why it is not worked out, in words for users; empty when it is. */
    static Optional<String> tooMuch(PolicyView before, PolicyView after, Machines machines) {
        return PolicyLoad.tooLargeToCompare(before.policy(), after.policy(), machines.topology());
    }

    private static Outlook compare(PolicyView before, PolicyView after, Topology topology, PolicySyntax syntax) {
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
        return new Outlook(
                new PolicyImpact(
                        gains.size(), losses.size(), lines, unknown.isEmpty() ? null : String.join(", ", unknown)),
                new ReachComparison(List.of(), comparison.edges(), comparison.lost()),
                firstLosses(losses));
    }

    private static String firstLosses(List<ReachChange> losses) {
        return Abridged.list(losses, FIRST_LOSSES, "; ", change -> cut(change.toString()));
    }

    /** Which of the pairs a policy does not keep to, and how. */
    List<String> violations(PolicyView policy, PolicyGuards guards, Machines machines, PolicySyntax syntax) {
        try {
            return violations.get(
                    new Guarded(policy.fingerprint(), guards, machines.number(), syntax),
                    () -> judge(policy, guards, machines, syntax));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to check policy.guards for policy %s",
                    tailnet,
                    policy.fingerprint());
            return List.of("the operator failed to check policy.guards. Report the error that is in its log");
        }
    }

    private static List<String> judge(PolicyView policy, PolicyGuards guards, Machines machines, PolicySyntax syntax) {
        var hasPairs = !guards.mustReach().isEmpty() || !guards.mustNotReach().isEmpty();
        return Optional.of(machines)
                .filter(_ -> hasPairs)
                .flatMap(known -> tooMuch(NOTHING, policy, known))
                .map(why -> List.of("the operator does not check mustReach and mustNotReach: " + why))
                .orElseGet(() -> GuardedPairs.violations(policy, parse(policy, syntax), guards, machines.topology()));
    }

    private static Policy parse(PolicyView view, PolicySyntax syntax) {
        return Policy.parse(view.policy().toString(), syntax);
    }

    static String cut(String line) {
        return Abridged.text(line, LINE);
    }
}
