package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the templates and runs of a machine, and removes the runs that nobody needs any more. */
@Singleton
public final class MachineEffects {

    /** Runs of a machine that are kept when they have ended: the newest tell what it was set to, and what was in vain. */
    private static final int KEPT = 8;

    /** Also while it waits for another run of the machine: a key that was revoked then would be taken there all the same. */
    private static final Set<RunPhase> TAKING_KEY =
            Collections.unmodifiableSet(EnumSet.of(RunPhase.PENDING, RunPhase.QUEUED, RunPhase.RUNNING));

    private static final Set<RunPhase> AT_WORK = Set.of(RunPhase.RUNNING);

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    public MachineEffects(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /** Runs that the operator made for a machine, newest first. */
    public static List<AutomationRun> runs(TailnetNode node, Context<TailnetNode> context) {
        return context.getSecondaryResources(AutomationRun.class).stream()
                .filter(run -> MachineRuns.isOf(node, run))
                .filter(run -> !run.isMarkedForDeletion())
                .sorted(Age.OLDEST_FIRST.reversed())
                .toList();
    }

    /** Whether a remedy of a HealPolicy takes a join key to the machine, or will once there is one. */
    public static boolean keyIsWanted(TailnetNode node, Context<TailnetNode> context) {
        return logins(node, TAKING_KEY, context);
    }

    /** Whether such a remedy is at work: nothing cancels it any more because the node looks healthy. */
    public static boolean logsInAnew(TailnetNode node, Context<TailnetNode> context) {
        return logins(node, AT_WORK, context);
    }

    /** ID of the device that the machine itself said it is, in the newest run of a template that the operator keeps for it. */
    public static Optional<String> toldDevice(TailnetNode node, Context<TailnetNode> context) {
        if (node.getSpec().ssh() == null) {
            return Optional.empty();
        }
        var templates = Set.of(
                MachineTemplates.name(node, MachineAction.JOIN), MachineTemplates.name(node, MachineAction.CONFIGURE));
        var policies = context.getSecondaryResources(HealPolicy.class);
        return context.getSecondaryResources(AutomationRun.class).stream()
                .filter(run -> templates.contains(run.getSpec().templateRef().name()))
                .filter(run -> MachineRuns.isOf(node, run) || MachineRuns.isRemedy(node, run, policies))
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .sorted(Age.OLDEST_FIRST.reversed())
                .flatMap(run -> run.getStatus().hosts().stream())
                .flatMap(host -> Stream.ofNullable(host.outputs().get(MachinePlanner.DEVICE)))
                .findFirst();
    }

    private static boolean logins(TailnetNode node, Set<RunPhase> phases, Context<TailnetNode> context) {
        // Most nodes are not reached over SSH: nothing is looked up for them.
        if (node.getSpec().ssh() == null) {
            return false;
        }
        var template = MachineTemplates.name(node, MachineAction.JOIN);
        var runs = context.getSecondaryResources(AutomationRun.class).stream()
                .filter(run -> template.equals(run.getSpec().templateRef().name()))
                .filter(run -> phases.contains(RunPhase.of(run.getStatus())))
                .filter(run -> !run.isMarkedForDeletion())
                .toList();
        return !runs.isEmpty() && areRemedies(node, runs, context);
    }

    private static boolean areRemedies(TailnetNode node, List<AutomationRun> runs, Context<TailnetNode> context) {
        var policies = context.getSecondaryResources(HealPolicy.class);
        return runs.stream().anyMatch(run -> MachineRuns.isRemedy(node, run, policies));
    }

    /**
     * Plans, and does what the plan says.
     *
     * @param authKey where a join key is handed over
     */
    public MachinePlan sync(TailnetNode node, KeyRef authKey, MachineInput input, Context<TailnetNode> context) {
        var unfit = MachinePlanner.unfit(input);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        var plan = MachinePlanner.planFor(input);
        try {
            outdated(input.runs()).forEach(run -> kubernetes.resource(run).delete());
            var generations = new EnumMap<MachineAction, Long>(MachineAction.class);
            for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
                var wanted = MachineTemplates.template(node, input.ssh(), action, authKey, MachineOrder.values(input));
                var there = keep(wanted, node, context);
                if (there.isEmpty()) {
                    return MachinePlan.nothing(Fact.no(
                            ConditionType.MACHINE_IN_SYNC,
                            Reason.CONFLICT,
                            "there is an AutomationTemplate "
                                    + wanted.getMetadata().getName()
                                    + " that does not belong to this node. If it came back from a backup, delete it, and the operator makes it"
                                    + " anew: kubectl -n "
                                    + wanted.getMetadata().getNamespace()
                                    + " delete automationtemplate "
                                    + wanted.getMetadata().getName()
                                    + ". If it is your own, give it another name"));
                }
                var generation = there.get().getMetadata().getGeneration();
                generations.put(action, generation);
                input.runs().stream()
                        .filter(run -> wanted.getMetadata()
                                .getName()
                                .equals(run.getSpec().templateRef().name()))
                        .filter(run -> MachineOrder.waitsInVain(run, generation))
                        .forEach(run -> kubernetes.resource(run).delete());
            }
            var before = input.runs().stream().findFirst().orElse(null);
            plan.start().ifPresent(order -> {
                var template = order.action().needsKey() ? MachineAction.JOIN : MachineAction.CONFIGURE;
                var generation =
                        Objects.requireNonNull(generations.get(template), "both templates are kept before a run");
                start(node, MachineTemplates.run(node, order, before, generation), plan);
            });
            return plan;
        } catch (KubernetesClientException e) {
            return MachineRefusal.of(e.getCode(), e.getStatus());
        }
    }

    /**
     * Those beyond the newest, but for the newest that succeeded: it tells that the machine may believe to be in the tailnet.
     *
     * @param runs newest first
     */
    static List<AutomationRun> outdated(List<AutomationRun> runs) {
        var succeeded = runs.stream()
                .filter(run -> RunPhase.of(run.getStatus()) == RunPhase.SUCCEEDED && !MachineOrder.isPlan(run))
                .findFirst();
        return runs.stream()
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .skip(KEPT)
                .filter(run -> !succeeded.equals(Optional.of(run)))
                .toList();
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
