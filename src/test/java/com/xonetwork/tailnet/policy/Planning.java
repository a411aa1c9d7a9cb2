package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ForeignPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.FailedWrite;
import com.xonetwork.tailnet.document.RestingWrite;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.route.AutoApproverContribution;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.TestPolicy;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One planning of the policy of Tailnet {@code net/home}: everything known, every device listed (there is none), a policy in
 * force with the ETag {@code "e1"} once it is given.
 */
final class Planning {

    static final TailnetKey HOME = new TailnetKey("net", "home");

    private final List<AclPolicy> policies;
    private TestView view = TestView.of();
    private Mode mode = Mode.ENFORCE;
    private ForeignPolicy onForeign = ForeignPolicy.REFUSE;
    private final List<PolicyContribution> contributions = new ArrayList<>();
    private boolean owned;
    private String published;
    private final Map<String, SortedSet<String>> tagsInUse = new HashMap<>();
    private Optional<PolicySyntax> syntax = Optional.of(PolicySyntax.TAILSCALE);
    private FailedWrite<PolicyPrecondition> failed;

    private Planning(List<AclPolicy> policies) {
        this.policies = policies;
    }

    static Planning of(TestPolicy... policies) {
        return new Planning(Stream.of(policies).map(TestPolicy::build).toList());
    }

    /** Instead of the view that knows everything; before {@link #inForce}. */
    Planning on(TestView value) {
        view = value;
        return this;
    }

    Planning inForce(String text) {
        view.policy(text, "e1");
        return this;
    }

    /** On a control plane with these rules; null while it is not known which. */
    Planning by(PolicySyntax value) {
        syntax = Optional.ofNullable(value);
        return this;
    }

    Planning observing() {
        mode = Mode.OBSERVE;
        return this;
    }

    Planning replacing() {
        onForeign = ForeignPolicy.REPLACE;
        return this;
    }

    /** Without being asked, these tags may advertise this network. */
    Planning approving(String cidr, String... tags) {
        return contributing(new AutoApproverContribution(
                new TreeMap<>(Map.of(cidr, new TreeSet<>(List.of(tags)))), Collections.emptySortedSet()));
    }

    /** Another kind adds this. */
    Planning contributing(PolicyContribution contribution) {
        contributions.add(contribution);
        return this;
    }

    /** Taken over before. */
    Planning owned() {
        owned = true;
        return this;
    }

    /** Instead of the merged policy itself. */
    Planning published(String hash) {
        published = hash;
        return this;
    }

    private String mergedHash() {
        return MergedFragments.of(policies, contributions, syntax).view().fingerprint();
    }

    Planning inUse(String tag, String... nodes) {
        tagsInUse.put(tag, new TreeSet<>(List.of(nodes)));
        return this;
    }

    /** The publication that would come next was tried and failed. */
    Planning afterFailure(ControlPlaneException why) {
        var tried = plan().publication().orElseThrow();
        return afterFailure(tried.hash(), tried.condition(), why);
    }

    Planning afterFailure(String hash, PolicyPrecondition precondition, ControlPlaneException why) {
        failed = new FailedWrite<>(hash, precondition, why);
        return this;
    }

    PolicyPlan plan() {
        return PolicyPlanner.plan(new PolicyInput(
                HOME,
                new TailnetPolicySpec(mode, onForeign, null, null, null),
                policies,
                view.build(),
                new PolicyNotes(owned, published == null ? mergedHash() : published, null),
                List.copyOf(contributions),
                Map.copyOf(tagsInUse),
                syntax,
                Optional.ofNullable(failed).map(write -> new RestingWrite<>(write, Duration.ofMinutes(1))),
                new PolicyForesight(HOME)));
    }

    /** What became of one AclPolicy. */
    static PolicyFragmentStatus fragment(PolicyPlan plan, String name) {
        return Objects.requireNonNull(plan.status()).fragments().stream()
                .filter(fragment -> fragment.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
