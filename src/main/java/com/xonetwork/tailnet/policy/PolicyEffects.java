package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.DocumentSteps;
import com.xonetwork.tailnet.document.FailedWrite;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.PolicyMetrics;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes policies. What is not the policy's own is {@link TailnetDocument}'s. */
@Singleton
public final class PolicyEffects {

    private final TailnetDocument<PolicyDocument, PolicyPrecondition> document;
    private final EventRecorder events;
    private final PolicyMetrics metrics;
    private final PerTailnet<PolicyForesight> foresights;

    public PolicyEffects(TailnetDocument.Keeping keeping, EventRecorder events, PolicyMetrics metrics) {
        this.document = new TailnetDocument<>(DocumentKind.POLICY, keeping);
        this.events = events;
        this.metrics = metrics;
        this.foresights = new PerTailnet<>(PerTailnet.About.TAILNET, keeping.snapshots());
    }

    /**
     * Plans, publishes if the plan says so, and plans again on what came of it.
     *
     * @param gather makes the input, given the failed publication that is not to be repeated yet
     * @param claim notes that the policy is this Tailnet's from now on, and its hash
     */
    public TailnetDocument.Round<PolicyPlan> sync(
            TailnetKey tailnet,
            HasMetadata about,
            Function<@Nullable FailedWrite<PolicyPrecondition>, PolicyInput> gather,
            Consumer<String> claim) {
        var foresight = foresights.getOrMake(tailnet, () -> new PolicyForesight(tailnet));
        return document.sync(tailnet, new DocumentSteps<>() {
            @Override
            public Planned<PolicyPlan> plan(@Nullable FailedWrite<PolicyPrecondition> failed) {
                var input = gather.apply(failed);
                return new Planned<>(input.view(), PolicyPlanner.plan(input, foresight));
            }

            @Override
            public PolicyDocument write(ControlPlane controlPlane, PolicyPlan plan) {
                return publish(controlPlane, plan.publication().orElseThrow());
            }

            @Override
            public void tried(Optional<ControlPlaneException> failure) {
                metrics.sent(tailnet, failure);
            }

            @Override
            public void claim(String hash) {
                claim.accept(hash);
            }

            @Override
            public void published(PolicyPlan plan) {
                plan.publication()
                        .map(Publication::hash)
                        .ifPresent(
                                hash -> events.normal(about, "PolicyPublished", "published the merged policy " + hash));
            }
        });
    }

    /**
     * Has the control plane check the policy where it can, then publishes it. Where it cannot, publishing itself is the
     * check: a refused policy leaves the one in force.
     */
    private static PolicyDocument publish(ControlPlane controlPlane, Publication publication) {
        // Before the port: what is learnt in between is the next port's, and this one would refuse the check.
        var isChecked = controlPlane.capabilities().contains(Capability.POLICY_VALIDATE);
        var file = controlPlane.require(PolicyFile.class);
        if (isChecked) {
            var problems = file.validate(publication.text());
            if (!problems.isEmpty()) {
                throw new ControlPlaneException.Rejected(200, String.join("; ", problems));
            }
        }
        return file.publish(publication.text(), publication.condition());
    }
}
