package com.xonetwork.tailnet.heal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.HealAction;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.machine.MachineAction;
import com.xonetwork.tailnet.machine.MachineTemplates;
import com.xonetwork.tailnet.observability.EventRecorder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Makes the runs of remedies, and stops those that take too long. */
final class HealEffects {

    /** On a run: which HealPolicy made it, by UID. */
    static final String POLICY_LABEL = ApiGroup.GROUP + "/heal-policy";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HASH_DIGITS = 16;
    private static final int LONGEST_STEM = 200;

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    HealEffects(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /**
     * Begins a remedy, unless the node has become healthy, or was deleted, since the decision: it is looked at once more, at the API
     * server itself.
     *
     * @return why nothing was begun, in words for a user
     */
    Optional<String> begin(HealPolicy policy, Remedy remedy, Instant now) {
        var metadata = remedy.node().getMetadata();
        var fresh = kubernetes
                .resources(TailnetNode.class)
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .get();
        if (fresh == null || fresh.isMarkedForDeletion()) {
            return Optional.of("the node is being deleted");
        }
        if (NodeHealth.of(fresh, policy.getSpec(), now).state() != NodeHealth.State.UNHEALTHY) {
            return Optional.of("the node has become healthy by itself");
        }
        var run = run(policy, remedy, fresh);
        try {
            kubernetes.resource(run).create();
            events.normal(
                    policy,
                    "RemediationStarted",
                    "TailnetNode " + metadata.getName() + ": AutomationRun "
                            + run.getMetadata().getName() + ", " + remedy.why());
        } catch (KubernetesClientException e) {
            // The cache has not seen it yet, or a process before this one made it.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
        return Optional.empty();
    }

    /** Its name follows from the node, the rung and the run before, so that beginning twice makes one. */
    static AutomationRun run(HealPolicy policy, Remedy remedy, TailnetNode node) {
        var run = new AutomationRun();
        var name = node.getMetadata().getName();
        var before =
                remedy.before() == null ? "" : remedy.before().getMetadata().getName();
        var occasion =
                policy.getMetadata().getUid() + " " + node.getMetadata().getUid() + " " + remedy.rung() + " " + before;
        var hash = DigestUtils.sha256Hex(occasion).substring(0, HASH_DIGITS);
        var stem = name.length() <= LONGEST_STEM
                ? name
                : name.substring(0, LONGEST_STEM).replaceAll("[.-]+$", "");
        run.setMetadata(new ObjectMetaBuilder()
                .withName(stem + "-heal-" + hash)
                .withNamespace(node.getMetadata().getNamespace())
                .addToLabels(POLICY_LABEL, policy.getMetadata().getUid())
                .addToAnnotations(Ladder.RUNG, String.valueOf(remedy.rung()))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(policy.getApiVersion())
                        .withKind(policy.getKind())
                        .withName(policy.getMetadata().getName())
                        .withUid(policy.getMetadata().getUid())
                        .withController(true)
                        .build())
                .build());
        var own = remedy.remediation().templateRef();
        var action = machineAction(remedy.remediation().action());
        run.setSpec(new AutomationRunSpec(
                own != null ? own : new LocalRef(MachineTemplates.name(node, action)),
                new RunTargets(List.of(target(node)), null),
                own != null ? null : JSON.valueToTree(Map.of("tailscale_action", action.toString())),
                false,
                remedy.remediation().requireApproval(),
                false,
                null,
                hash,
                "HealPolicy " + policy.getMetadata().getName()));
        return run;
    }

    private static MachineAction machineAction(@Nullable HealAction action) {
        return action == null
                ? MachineAction.CONFIGURE
                : switch (action) {
                    case REUP -> MachineAction.REUP;
                    case RESTART_TAILSCALED -> MachineAction.RESTART;
                    case REKEY -> MachineAction.REKEY;
                    case REPROVISION -> MachineAction.REPROVISION;
                    case REBOOT -> MachineAction.REBOOT;
                };
    }

    /** Not by its tailnet address, which is what is not to be relied on now. */
    private static RunTargets.Target target(TailnetNode node) {
        var name = node.getMetadata().getName();
        var join = node.getSpec().join();
        var ssh = join == null ? null : join.ssh();
        return ssh == null
                ? new RunTargets.Target(name, null, null, null, null)
                : new RunTargets.Target(name, ssh.address(), ssh.port(), ssh.user(), ssh.hostKey());
    }

    void cancel(AutomationRun run) {
        try {
            kubernetes.resource(run).edit(there -> {
                var spec = there.getSpec();
                there.setSpec(new AutomationRunSpec(
                        spec.templateRef(),
                        spec.targets(),
                        spec.parameters(),
                        spec.checkMode(),
                        spec.requireApproval(),
                        true,
                        spec.approval(),
                        spec.requestId(),
                        spec.requestedBy()));
                return there;
            });
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    void remove(AutomationRun run) {
        try {
            kubernetes.resource(run).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    void incident(HealPolicy policy, String message) {
        events.warning(policy, "RemediationHeld", message);
    }
}
