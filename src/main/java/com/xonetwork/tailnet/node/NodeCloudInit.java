package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.bootstrap.CloudInit;
import com.xonetwork.tailnet.bootstrap.CloudInitSecretEffects;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.stream.Stream;

/** The machine behind a node that brings itself in: while it has not, there are files for its first boot. */
final class NodeCloudInit {

    /** Of {@link JitteredRetry}: some seconds. */
    private static final int TRY = 3;

    private final CloudInitSecretEffects files;
    private final BootstrapPlace place;

    NodeCloudInit(CloudInitSecretEffects files, BootstrapPlace place) {
        this.files = files;
        this.place = place;
    }

    /** Adds to a plan what there is to say of the files, after doing what is to be done about them. */
    NodePlan sync(TailnetNode node, Context<TailnetNode> context, NodePlan plan) {
        var spec = node.getSpec().cloudInit();
        var tailnet = context.getSecondaryResource(Tailnet.class);
        if (spec == null || plan.join() == null || plan.preferences() == null || tailnet.isEmpty()) {
            return plan;
        }
        if (place.refusal().isPresent()) {
            return refused(plan, Reason.BOOTSTRAP_URL_MISSING, place.refusal().get());
        }
        var holder = new JoinKeyHolder(node);
        var trusted = Stream.concat(
                        plan.view().settings().map(ControlPlaneSettings::caCertificates).stream(),
                        place.trusted().stream())
                .distinct()
                .toList();
        try {
            var kept = files.keep(
                    holder,
                    new CloudInit(
                            node.getMetadata().getNamespace(),
                            node.getMetadata().getName(),
                            spec,
                            plan.preferences(),
                            JoinPlanner.loginServerOf(tailnet.get().getSpec()).orElse(null),
                            place.url(),
                            trusted));
            var status = plan.join().withCloudInit(holder.cloudInitSecretName(), kept.tokenExpires());
            var done = plan.withJoinInstead(JoinPlanner.issued(status), status);
            return kept.lookAgain().map(done::lookingAgain).orElse(done);
        } catch (JoinKeyRecords.NameTaken e) {
            return refused(plan, Reason.SECRET_TAKEN, e.getMessage() + ": rename or delete it");
        } catch (CloudInitSecretEffects.NotWritten e) {
            return refused(plan, Reason.SECRET_NOT_WRITTEN, e.getMessage() + "; the operator will retry")
                    .lookingAgain(JitteredRetry.delay(TRY));
        }
    }

    private static NodePlan refused(NodePlan plan, Reason reason, String why) {
        return plan.withJoinInstead(Fact.no(ConditionType.JOIN_KEY_READY, reason, why), plan.join());
    }
}
