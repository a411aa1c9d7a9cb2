package com.xonetwork.tailnet.automation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.function.Supplier;

/** Does what a plan says, and changes the plan to what came of it. What fails is told, and lets go of its place. */
final class RunActions {

    private static final int REMEMBERED = 10_000;

    private final RunEffects effects;
    private final HostClaims claims;
    /** How often in a row a run was refused. One that is forgotten is only tried again a little sooner. */
    private final Cache<ResourceID, Integer> refused =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    RunActions(RunEffects effects, HostClaims claims) {
        this.effects = effects;
        this.claims = claims;
    }

    /**
     * @param jobs of all runs
     * @param pods likewise
     */
    RunPlan perform(AutomationRun run, RunPlan plan, Supplier<List<Job>> jobs, Supplier<List<Pod>> pods) {
        var performed = plan;
        if (plan.action() instanceof Start start) {
            performed = start(run, plan, start, jobs, pods);
        } else if (plan.action() instanceof Stop stop) {
            effects.stop(run.getMetadata().getNamespace(), stop.jobName(), stop.cause());
        }
        var holdsMachines = performed.phase() == RunPhase.RUNNING || performed.phase() == RunPhase.CANCELLING;
        if (!holdsMachines && performed.phase() != RunPhase.QUEUED) {
            claims.forget(ResourceID.fromResource(run));
        }
        return performed;
    }

    private RunPlan start(
            AutomationRun run, RunPlan plan, Start start, Supplier<List<Job>> jobs, Supplier<List<Pod>> pods) {
        var id = ResourceID.fromResource(run);
        var job = RunObservation.key(run, start.attempt()).objectName();
        var template = start.inputs().template();
        var obstacle = claims.claim(
                run, job, template.getSpec().concurrencyPolicy(), start.order().hosts(), jobs, pods);
        if (obstacle.isPresent()) {
            return plan.queued(obstacle.get());
        }
        try {
            var lost = effects.start(run, start);
            refused.invalidate(id);
            return lost.map(plan::lost).orElse(plan);
        } catch (StartRefused refusal) {
            if (refusal.reason() == Reason.RUN_TOO_LARGE) {
                return plan.impossible(refusal.reason(), refusal.text());
            }
            var times = refused.asMap().merge(id, 1, Integer::sum);
            return plan.refused(refusal.reason(), refusal.text(), JitteredRetry.delay(times));
        }
    }

    /** The run is over, or gone. */
    void forget(AutomationRun run) {
        var id = ResourceID.fromResource(run);
        refused.invalidate(id);
        claims.forget(id);
    }
}
