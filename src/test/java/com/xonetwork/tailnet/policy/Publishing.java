package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ForeignPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.api.v1alpha1.PolicyValidation;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.FailedWrite;
import com.xonetwork.tailnet.document.RestingWrite;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a {@link PolicyPlanner} is asked, step by step; and its answer. The policy in force is one never set. */
final class Publishing {

    static final TailnetKey HOME = new TailnetKey("net", "home");

    private final List<AclPolicy> policies;
    private Mode mode = Mode.ENFORCE;
    private ForeignPolicy onForeignPolicy = ForeignPolicy.REFUSE;
    private TestView view = TestView.of();
    private boolean owned;
    private String published;
    private String approved;
    private PolicyValidation validation = PolicyValidation.ENFORCE;
    private PolicyGuards guards = PolicyGuards.DEFAULT;
    private final Map<String, SortedSet<String>> tagsInUse = new TreeMap<>();
    private PolicySyntax syntax = PolicySyntax.TAILSCALE;
    private FailedWrite<PolicyPrecondition> failed;

    private Publishing(List<AclPolicy> policies) {
        this.policies = policies;
    }

    static Publishing of(TestAclPolicy... policies) {
        return new Publishing(Stream.of(policies).map(TestAclPolicy::build).toList());
    }

    /** A text as a Tailnet would have published it. */
    static String markedBy(String namespace, String name, String text) {
        return "// " + PolicyMark.line(namespace, name) + "\n" + text.replace('\'', '"');
    }

    Publishing observing() {
        mode = Mode.OBSERVE;
        return this;
    }

    Publishing replacing() {
        onForeignPolicy = ForeignPolicy.REPLACE;
        return this;
    }

    Publishing on(TestView value) {
        view = value;
        return this;
    }

    /** The policy in force, under ETag {@code e1}. */
    Publishing inForce(String text) {
        view.policy(text.replace('\'', '"'), "e1");
        return this;
    }

    Publishing owned() {
        owned = true;
        return this;
    }

    Publishing published(String hash) {
        published = hash;
        return this;
    }

    Publishing approved(String hash) {
        approved = hash;
        return this;
    }

    /** On a control plane with these rules. */
    Publishing by(PolicySyntax value) {
        syntax = value;
        return this;
    }

    Publishing warning() {
        validation = PolicyValidation.WARN;
        return this;
    }

    Publishing guards(PolicyGuards value) {
        guards = value;
        return this;
    }

    Publishing inUse(String tag, String... nodes) {
        tagsInUse.put(tag, new TreeSet<>(List.of(nodes)));
        return this;
    }

    Publishing failed(String hash, PolicyPrecondition precondition, ControlPlaneException why) {
        failed = new FailedWrite<>(hash, precondition, why);
        return this;
    }

    PolicyInput input() {
        return new PolicyInput(
                HOME,
                new TailnetPolicySpec(mode, onForeignPolicy, null, validation, guards),
                policies,
                view.build(),
                new PolicyNotes(owned, published, approved),
                List.of(),
                tagsInUse,
                Optional.of(syntax),
                Optional.ofNullable(failed).map(write -> new RestingWrite<>(write, Duration.ofMinutes(1))),
                new PolicyForesight(HOME));
    }

    Answer plan() {
        return new Answer(PolicyPlanner.plan(input()));
    }

    /** A plan, easy to ask. */
    record Answer(PolicyPlan plan) {
        /** {@code False/Pending}. */
        String said() {
            return plan.fact().status() + "/" + plan.fact().reason();
        }

        String message() {
            return plan.fact().message();
        }

        boolean publishes() {
            return plan.publication().isPresent();
        }

        Publication publication() {
            return plan.publication().orElseThrow();
        }

        PolicyFragmentStatus fragment(String name) {
            return plan.status().fragments().stream()
                    .filter(fragment -> fragment.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
