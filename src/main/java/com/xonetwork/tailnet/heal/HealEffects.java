package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.machine.MachineAction;
import com.xonetwork.tailnet.machine.MachineOrder;
import com.xonetwork.tailnet.machine.MachineRuns;
import com.xonetwork.tailnet.machine.MachineTemplates;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.HealMetrics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the runs of remedies, and stops those that take too long. */
final class HealEffects {

    private final KubernetesClient kubernetes;
    private final EventRecorder events;
    private final HealMetrics metrics;
    private final Clock clock;
    private final SshReach ssh = new SshReach();

    HealEffects(KubernetesClient kubernetes, EventRecorder events, HealMetrics metrics, Clock clock) {
        this.kubernetes = kubernetes;
        this.events = events;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Does what the plan says. Each remedy is looked at once more before it begins. */
    HealOutcome perform(HealPolicy policy, HealPlan plan) {
        plan.incidents().forEach(message -> events.warning(policy, "RemediationHeld", message));
        plan.cancel().forEach(this::cancel);
        plan.remove().forEach(this::remove);
        var told = new ArrayList<>(plan.told());
        for (var remedy : plan.start()) {
            told.add(begin(policy, remedy, clock.instant()).orElseGet(() -> {
                metrics.begun(policy, remedy.rung());
                return new Told(remedy.node().getMetadata().getName(), HealStatuses.STARTED, "None", remedy.why());
            }));
        }
        return new HealOutcome(told);
    }

    /**
     * Begins a remedy, unless the node has become healthy, or was deleted, since the decision: it is looked at once more, at the API
     * server itself, and by SSH where the quorum asks for that.
     *
     * @return why nothing was begun
     */
    Optional<Told> begin(HealPolicy policy, Remedy remedy, Instant now) {
        var metadata = remedy.node().getMetadata();
        var fresh = kubernetes
                .resources(TailnetNode.class)
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .get();
        var held = Recheck.node(policy.getSpec(), remedy, fresh, now)
                .or(() -> Recheck.votes(policy.getSpec(), remedy, votes(remedy, fresh)));
        if (held.isPresent()) {
            return held;
        }
        var run = run(policy, remedy, fresh, template(policy, remedy));
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

    /** Empty while the machine has not answered by SSH, where that is asked for. */
    private Optional<Votes> votes(Remedy remedy, TailnetNode node) {
        var way = node.getSpec().ssh();
        return way != null && Recheck.asksSsh(remedy, node)
                ? ssh.answers(node.getMetadata().getNamespace(), way).map(remedy.votes()::withSsh)
                : Optional.of(remedy.votes());
    }

    /** As it is by now: it decides where its runs may reach a machine. */
    private Optional<AutomationTemplate> template(HealPolicy policy, Remedy remedy) {
        return Optional.ofNullable(remedy.remediation().templateRef())
                .map(ref -> kubernetes
                        .resources(AutomationTemplate.class)
                        .inNamespace(policy.getMetadata().getNamespace())
                        .withName(ref.name())
                        .get());
    }

    /**
     * Its name follows from the node, the rung and the run before, so that beginning twice makes one.
     *
     * @param template the user's, if the remedy is one and is there
     */
    static AutomationRun run(
            HealPolicy policy, Remedy remedy, TailnetNode node, Optional<AutomationTemplate> template) {
        var run = new AutomationRun();
        var occasion = policy.getMetadata().getUid() + " " + node.getMetadata().getUid() + " " + remedy.rung();
        var name = MachineTemplates.runName(node, "heal", occasion, remedy.before());
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(node.getMetadata().getNamespace())
                .addToLabels(MachineRuns.HEAL_POLICY_LABEL, policy.getMetadata().getUid())
                .addToAnnotations(Ladder.RUNG, String.valueOf(remedy.rung()))
                .withOwnerReferences(Ownership.by(policy))
                .build());
        template.map(found -> found.getMetadata().getGeneration())
                .ifPresent(generation -> run.getMetadata()
                        .getAnnotations()
                        .put(ApiGroup.TEMPLATE_GENERATION_ANNOTATION, String.valueOf(generation)));
        var own = remedy.remediation().templateRef();
        var action = MachineAction.of(remedy.remediation().action());
        run.setSpec(new AutomationRunSpec(
                own != null ? own : new LocalRef(MachineTemplates.name(node, action)),
                new RunTargets(List.of(target(node, template)), null),
                own != null ? null : MachineOrder.parameters(action),
                false,
                remedy.remediation().requireApproval(),
                false,
                null,
                name.substring(name.lastIndexOf('-') + 1),
                "HealPolicy " + MachineTemplates.shown(policy)));
        return run;
    }

    /**
     * A template of a user reaches the machine in the tailnet. Its SSH address was written by another author than the template:
     * only a template that lets a run name an address gets its secrets there.
     */
    private static Target target(TailnetNode node, Optional<AutomationTemplate> template) {
        var ssh = node.getSpec().ssh();
        var allows = template.filter(found -> found.getSpec().targets().override())
                .filter(found -> Ownership.controller(found, TailnetNode.class).isEmpty());
        if (ssh == null || allows.isEmpty()) {
            return MachineTemplates.target(node);
        }
        var isStrict = allows.get().getSpec().ssh().hostKeys() == HostKeyPolicy.STRICT;
        return new Target(
                node.getMetadata().getName(), ssh.address(), ssh.port(), ssh.user(), isStrict ? null : ssh.hostKey());
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
        kubernetes.resource(run).delete();
    }
}
