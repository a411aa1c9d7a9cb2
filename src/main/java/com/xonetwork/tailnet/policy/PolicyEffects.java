package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.DocumentOutcome;
import com.xonetwork.tailnet.document.DocumentSteps;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.PolicyMetrics;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;

/** Publishes policies. What is not the policy's own is {@link TailnetDocument}'s. */
@Singleton
public final class PolicyEffects {

    private final TailnetDocument<PolicyDocument, PolicyPrecondition> document;
    private final EventRecorder events;
    private final PolicyMetrics metrics;

    public PolicyEffects(PolicyMemory memory, EventRecorder events, PolicyMetrics metrics) {
        this.document = memory.document();
        this.events = events;
        this.metrics = metrics;
    }

    /**
     * Publishes if the plan says so.
     *
     * @param view that the plan was made on
     * @param about what the Event is about
     * @param claim notes that the policy is this Tailnet's from now on, and its hash
     * @return empty when nothing was sent
     */
    public Optional<DocumentOutcome<PolicyPrecondition>> perform(
            TailnetKey tailnet, TailnetView view, PolicyPlan plan, HasMetadata about, Consumer<String> claim) {
        return document.perform(tailnet, view, plan, new DocumentSteps<>() {
            @Override
            public PolicyDocument write(ControlPlane controlPlane, PolicyPlan wanted) {
                return publish(controlPlane, wanted.publication().orElseThrow());
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
            public void published(PolicyPlan done) {
                done.publication()
                        .map(Publication::hash)
                        .ifPresent(hash -> events.normal(
                                about, "PolicyPublished", "The operator published the merged policy " + hash));
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
