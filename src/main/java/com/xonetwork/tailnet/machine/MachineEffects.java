package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.config.Age;
import com.xonetwork.tailnet.config.Ownership;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the templates and runs of a machine, and removes the runs that nobody needs any more. */
public final class MachineEffects {

    /** Runs of a machine that are kept when they have ended: the newest tell what it was set to, and what was in vain. */
    private static final int KEPT = 8;

    /** Also while it waits for another run of the machine: a key that was revoked then would be taken there all the same. */
    private static final Set<RunPhase> TAKING_KEY =
            Collections.unmodifiableSet(EnumSet.of(RunPhase.PENDING, RunPhase.QUEUED, RunPhase.RUNNING));

    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    public MachineEffects(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /** Runs that the operator made for a machine, newest first. */
    public static List<AutomationRun> runs(TailnetNode node, Context<TailnetNode> context) {
        return context.getSecondaryResources(AutomationRun.class).stream()
                .filter(run -> Ownership.isBy(node.getMetadata().getUid(), run))
                .filter(run -> run.getMetadata().getLabels() != null
                        && run.getMetadata().getLabels().containsKey(MachineTemplates.MACHINE_LABEL))
                .filter(run -> !run.isMarkedForDeletion())
                .sorted(Age.OLDEST_FIRST.reversed())
                .toList();
    }

    /** Whether a run that somebody else made, as a HealPolicy does, takes a join key to the machine, or will once there is one. */
    public static boolean keyIsWanted(TailnetNode node, Context<TailnetNode> context) {
        return logins(node, context).anyMatch(run -> TAKING_KEY.contains(RunPhase.of(run.getStatus())));
    }

    /** Whether such a run is at work: nothing cancels it any more because the node looks healthy. */
    public static boolean logsInAnew(TailnetNode node, Context<TailnetNode> context) {
        return logins(node, context).anyMatch(run -> RunPhase.of(run.getStatus()) == RunPhase.RUNNING);
    }

    private static Stream<AutomationRun> logins(TailnetNode node, Context<TailnetNode> context) {
        // Most nodes are not reached over SSH: nothing is looked up for them.
        if (node.getSpec().ssh() == null) {
            return Stream.empty();
        }
        var template = MachineTemplates.name(node, MachineAction.JOIN);
        return context.getSecondaryResources(AutomationRun.class).stream()
                .filter(run -> run.getMetadata().getLabels() == null
                        || !run.getMetadata().getLabels().containsKey(MachineTemplates.MACHINE_LABEL))
                .filter(run -> template.equals(run.getSpec().templateRef().name()));
    }

    /**
     * Plans, and does what the plan says.
     *
     * @param authKey where a join key is handed over
     */
    public MachinePlan sync(TailnetNode node, KeyRef authKey, MachineInput input, Context<TailnetNode> context) {
        var plan = MachinePlanner.plan(input);
        try {
            input.runs().stream()
                    .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                    .skip(KEPT)
                    .forEach(run -> kubernetes.resource(run).delete());
            for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
                var taken = template(MachineTemplates.template(node, input.ssh(), action, authKey), node, context);
                if (taken.isPresent()) {
                    return MachinePlan.nothing(Fact.no(MachinePlanner.MACHINE_IN_SYNC, Reason.CONFLICT, taken.get()));
                }
            }
            var before = input.runs().stream().findFirst().orElse(null);
            plan.start().ifPresent(order -> start(node, MachineTemplates.run(node, order, before), plan));
            return plan;
        } catch (KubernetesClientException e) {
            return refused(e);
        }
    }

    private static MachinePlan refused(KubernetesClientException e) {
        var fact = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? Fact.no(
                        MachinePlanner.MACHINE_IN_SYNC,
                        Reason.FORBIDDEN,
                        "the operator's account may not make AutomationTemplates and AutomationRuns: give it the rights that"
                                + " its installation describes")
                : Fact.no(
                        MachinePlanner.MACHINE_IN_SYNC,
                        Reason.PENDING,
                        "the API server did not take a template or a run (HTTP status " + e.getCode()
                                + "): a quota, or an admission rule; tried again by itself");
        return new MachinePlan(fact, Optional.empty(), Optional.of(AGAIN));
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

    /** @return why the template cannot be made, in words for a user */
    private Optional<String> template(AutomationTemplate wanted, TailnetNode node, Context<TailnetNode> context) {
        var name = wanted.getMetadata().getName();
        var there = context.getSecondaryResources(AutomationTemplate.class).stream()
                .filter(template -> name.equals(template.getMetadata().getName()))
                .findFirst()
                .or(() -> Optional.ofNullable(kubernetes
                        .resources(AutomationTemplate.class)
                        .inNamespace(wanted.getMetadata().getNamespace())
                        .withName(name)
                        .get()));
        if (there.isPresent() && !Ownership.isBy(node.getMetadata().getUid(), there.get())) {
            return Optional.of("there is an AutomationTemplate " + name
                    + " that does not belong to this node: rename or delete it");
        }
        if (there.isEmpty() || !wanted.getSpec().equals(there.get().getSpec())) {
            kubernetes
                    .resource(wanted)
                    .fieldManager(ApiGroup.OPERATOR)
                    .forceConflicts()
                    .serverSideApply();
        }
        return Optional.empty();
    }
}
