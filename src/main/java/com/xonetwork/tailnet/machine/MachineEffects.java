package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.observability.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Optional;

/** Makes the templates and runs of a machine, and removes the runs that nobody needs any more. */
@Singleton
public final class MachineEffects {

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    public MachineEffects(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /** Does what the plan says. */
    public MachineOutcome perform(TailnetNode node, MachinePlan plan, Context<TailnetNode> context) {
        return plan.upkeep()
                .map(upkeep -> perform(node, plan, upkeep, context))
                .orElseGet(() -> MachineOutcome.of(plan));
    }

    private MachineOutcome perform(
            TailnetNode node, MachinePlan plan, MachineUpkeep upkeep, Context<TailnetNode> context) {
        try {
            upkeep.outdated().forEach(run -> kubernetes.resource(run).delete());
            var generations = new HashMap<String, Long>();
            for (var wanted : upkeep.templates()) {
                var there = keep(wanted, node, context);
                if (there.isEmpty()) {
                    return MachineUpkeep.taken(wanted);
                }
                var metadata = there.get().getMetadata();
                generations.put(metadata.getName(), metadata.getGeneration());
                upkeep.inVain(there.get())
                        .forEach(run -> kubernetes.resource(run).delete());
            }
            plan.start().ifPresent(order -> start(node, upkeep.run(node, order, generations), plan));
            return MachineOutcome.of(plan);
        } catch (KubernetesClientException e) {
            return MachineRefusal.of(e.getCode(), e.getStatus());
        }
    }

    private void start(TailnetNode node, AutomationRun run, MachinePlan plan) {
        try {
            kubernetes.resource(run).create();
            events.normal(
                    node,
                    "MachineRunStarted",
                    "AutomationRun " + run.getMetadata().getName() + ": "
                            + plan.fact().message());
        } catch (KubernetesClientException e) {
            // The cache has not seen it yet, or a process before this one made it.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    /**
     * Has the template be as wanted, whoever has changed it.
     *
     * @return the template as the API server has it; empty when one of that name belongs to somebody else
     */
    private Optional<AutomationTemplate> keep(
            AutomationTemplate wanted, TailnetNode node, Context<TailnetNode> context) {
        var name = wanted.getMetadata().getName();
        var named = kubernetes
                .resources(AutomationTemplate.class)
                .inNamespace(wanted.getMetadata().getNamespace())
                .withName(name);
        var there = context.getSecondaryResources(AutomationTemplate.class).stream()
                .filter(template -> name.equals(template.getMetadata().getName()))
                .findFirst()
                .or(() -> Optional.ofNullable(named.get()));
        var isOwn =
                there.isPresent() && Ownership.isControlledBy(node.getMetadata().getUid(), there.get());
        if (there.isPresent() && !isOwn && !MachineTemplates.isLeftOver(there.get(), wanted)) {
            return Optional.empty();
        }
        if (isOwn && wanted.getSpec().equals(there.get().getSpec())) {
            return there;
        }
        var applied = kubernetes
                .resource(wanted)
                .fieldManager(ApiGroup.OPERATOR)
                .forceConflicts()
                .serverSideApply();
        // What others added beside ours stays there after an apply: an image, or a parameter that a run could choose.
        return Optional.of(
                wanted.getSpec().equals(applied.getSpec())
                        ? applied
                        : named.edit(template -> {
                            template.setSpec(wanted.getSpec());
                            return template;
                        }));
    }
}
