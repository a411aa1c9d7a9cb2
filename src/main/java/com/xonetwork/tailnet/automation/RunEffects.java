package com.xonetwork.tailnet.automation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.automation.RunOutcome.Impossible;
import com.xonetwork.tailnet.automation.RunOutcome.Lost;
import com.xonetwork.tailnet.automation.RunOutcome.Queued;
import com.xonetwork.tailnet.automation.RunOutcome.Refused;
import com.xonetwork.tailnet.automation.RunOutcome.Result;
import com.xonetwork.tailnet.automation.RunPlan.None;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Does what a plan says, and tells what came of it. What fails lets go of its place. */
final class RunEffects {

    private static final int REMEMBERED = 10_000;

    private final AttemptEffects attempts;
    private final AttemptSecretEffects secrets;
    private final LearntHostKeys hostKeys;
    private final HostClaims claims;
    /** How often in a row a run was refused. One that is forgotten is only tried again a little sooner. */
    private final Cache<ResourceID, Integer> refused =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    RunEffects(AttemptEffects attempts, AttemptSecretEffects secrets, LearntHostKeys hostKeys, HostClaims claims) {
        this.attempts = attempts;
        this.secrets = secrets;
        this.hostKeys = hostKeys;
        this.claims = claims;
    }

    /**
     * Does what the plan says.
     *
     * @param jobs of all runs
     * @param pods likewise
     */
    RunOutcome perform(RunInput input, RunPlan plan, Supplier<List<Job>> jobs, Supplier<List<Pod>> pods) {
        var run = input.run();
        var unrecorded = Optional.ofNullable(input.template())
                .flatMap(template -> input.attempt().flatMap(attempt -> hostKeys.record(run, template, attempt)));
        var result = switch (plan.action()) {
            case Start start -> start(run, start, jobs, pods);
            case Stop stop -> {
                attempts.stop(run.getMetadata().getNamespace(), stop.jobName(), stop.cause());
                yield RunOutcome.DONE;
            }
            case None _ -> RunOutcome.DONE;
        };
        if (!plan.after(result).wantsMachines()) {
            claims.forget(ResourceID.fromResource(run));
        }
        return new RunOutcome(result, unrecorded);
    }

    private Result start(AutomationRun run, Start start, Supplier<List<Job>> jobs, Supplier<List<Pod>> pods) {
        var id = ResourceID.fromResource(run);
        var job = AttemptJobs.key(run, start.attempt()).objectName();
        var template = start.inputs().template();
        var obstacle = claims.claim(
                run, job, template.getSpec().concurrencyPolicy(), start.order().hosts(), jobs, pods);
        if (obstacle.isPresent()) {
            return new Queued(obstacle.get());
        }
        try {
            var lost = attempts.start(run, start);
            refused.invalidate(id);
            return lost.<Result>map(Lost::new).orElse(RunOutcome.DONE);
        } catch (StartRefused refusal) {
            if (refusal.reason() == Reason.RUN_TOO_LARGE) {
                return new Impossible(refusal.reason(), refusal.text());
            }
            var times = refused.asMap().merge(id, 1, Integer::sum);
            return new Refused(refusal.reason(), refusal.text(), JitteredRetry.delay(times));
        }
    }

    /**
     * The run is over, and its record is complete: no attempt takes events any more, and what they have in the cluster goes.
     *
     * @param jobs of its attempts
     */
    void end(AutomationRun run, Stream<Job> jobs) {
        forget(run);
        jobs.filter(job -> JobStates.hasEnded(job) && !JobStates.removesItself(job))
                .forEach(job -> attempts.release(AttemptJobs.key(run, AttemptJobs.attempt(job)), job));
    }

    /** The run is over, or gone. */
    void forget(AutomationRun run) {
        var id = ResourceID.fromResource(run);
        refused.invalidate(id);
        claims.forget(id);
        secrets.endAll(run);
    }
}
