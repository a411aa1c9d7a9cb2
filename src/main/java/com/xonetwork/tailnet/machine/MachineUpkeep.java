package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept of a machine whether or not a run is started: its templates, and no run that nobody needs any more.
 *
 * @param templates as they must be, in the order in which they are seen to
 * @param outdated runs that are removed before that
 * @param runs of the machine, newest first
 */
@Pure
public record MachineUpkeep(
        List<AutomationTemplate> templates, List<AutomationRun> outdated, List<AutomationRun> runs) {

    /** Runs of a machine that are kept when they have ended: the newest tell what it was set to, and what was in vain. */
    private static final int KEPT = 8;

    public MachineUpkeep {
        templates = List.copyOf(templates);
        outdated = List.copyOf(outdated);
        runs = List.copyOf(runs);
    }

    static MachineUpkeep of(MachineInput input) {
        var values = MachineOrder.values(input);
        return new MachineUpkeep(
                Stream.of(MachineAction.JOIN, MachineAction.CONFIGURE)
                        .map(action ->
                                MachineTemplates.template(input.node(), input.ssh(), action, input.authKey(), values))
                        .toList(),
                outdated(input.runs()),
                input.runs());
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

    /** Runs that can never start, once their template is there as it must be. @param there as the API server has it */
    List<AutomationRun> inVain(AutomationTemplate there) {
        var name = there.getMetadata().getName();
        var generation = there.getMetadata().getGeneration();
        return runs.stream()
                .filter(run -> name.equals(run.getSpec().templateRef().name()))
                .filter(run -> MachineOrder.waitsInVain(run, generation))
                .toList();
    }

    /** @param generations of the templates as the API server has them, by name */
    AutomationRun run(TailnetNode node, MachineOrder order, Map<String, Long> generations) {
        var generation = generations.get(MachineTemplates.name(node, order.action()));
        if (generation == null) {
            throw new IllegalStateException("both templates are kept before a run");
        }
        return MachineTemplates.run(node, order, runs.stream().findFirst().orElse(null), generation);
    }

    /** What is said when a template's name is taken. */
    static MachineOutcome taken(AutomationTemplate wanted) {
        var name = wanted.getMetadata().getName();
        return new MachineOutcome(
                Fact.no(
                        ConditionType.MACHINE_IN_SYNC,
                        Reason.CONFLICT,
                        "there is an AutomationTemplate "
                                + name
                                + " that does not belong to this node. If it came back from a backup, delete it, and the operator makes it"
                                + " anew: kubectl -n "
                                + wanted.getMetadata().getNamespace()
                                + " delete automationtemplate "
                                + name
                                + ". If it is your own, give it another name"),
                Optional.empty());
    }
}
