package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.status.ConditionType.HOST_KEYS_RECORDED;
import static com.xonetwork.tailnet.status.ConditionType.STARTED;
import static com.xonetwork.tailnet.status.ConditionType.SUCCEEDED;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Events;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Inputs;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Job;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.RunSummary;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a plan, and what is seen of the attempt, into the record. */
@Pure
final class RunStatuses {

    private RunStatuses() {}

    /**
     * Writes down where a run stands.
     *
     * @param plan after what came of it
     * @param attempt likewise
     * @param unrecorded why host keys that the runner believed are not recorded
     */
    static AutomationRunStatus of(
            AutomationRun run, RunPlan plan, Optional<AttemptState> attempt, Optional<String> unrecorded, Instant now) {
        var before = run.getStatus() == null ? empty() : run.getStatus();
        var generation = run.getMetadata().getGeneration();
        var inputs = plan.inputs();
        var results = plan.results();
        var started = before.startedAt() != null
                ? before.startedAt()
                : attempt.map(AttemptState::started).map(Instant::toString).orElse(null);
        var finished = !plan.phase().isTerminal()
                ? null
                : attempt.map(AttemptState::ended)
                        .orElse(now)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
        return new AutomationRunStatus(
                generation,
                Conditions.merge(before.conditions(), facts(plan, attempt, unrecorded), generation, now),
                plan.phase(),
                inputs == null ? attempt.map(AttemptState::inputsHash).orElse(before.inputsHash()) : inputs.hash(),
                inputs(before, inputs, attempt),
                plan.approval() == null ? before.approval() : plan.approval(),
                attempt.map(AttemptState::attempt).orElse(before.attempt()),
                attempt.map(RunStatuses::job).orElse(before.job()),
                started,
                finished,
                started == null || finished == null ? null : duration(started, finished),
                results == null ? null : results.totals(),
                results == null
                        ? List.of()
                        : results.hosts().stream()
                                .limit(AutomationRunStatus.MAX_HOSTS)
                                .toList(),
                results == null ? null : more(results),
                attempt.map(RunStatuses::events).orElse(before.events()),
                attempt.flatMap(AttemptState::summary)
                        .map(RunSummary::redactions)
                        .orElse(before.redactions()));
    }

    private static AutomationRunStatus empty() {
        return new AutomationRunStatus(
                null, List.of(), null, null, null, null, null, null, null, null, null, null, List.of(), null, null,
                null);
    }

    private static @Nullable Integer more(RunResults results) {
        var more = results.more() + Math.max(0, results.hosts().size() - AutomationRunStatus.MAX_HOSTS);
        return more == 0 ? null : more;
    }

    private static @Nullable Inputs inputs(
            AutomationRunStatus before, @Nullable RunInputs settled, Optional<AttemptState> attempt) {
        var imageId =
                attempt.map(AttemptState::pod).map(AttemptState.PodEnd::imageId).orElse(null);
        var told = before.inputs();
        if (settled != null) {
            return new Inputs(
                    settled.template().getMetadata().getGeneration(),
                    settled.sourceDigest(),
                    settled.image(),
                    imageId != null || told == null ? imageId : told.imageId(),
                    settled.hosts().size() + settled.absent().size());
        }
        return told == null || imageId == null
                ? told
                : new Inputs(told.templateGeneration(), told.sourceDigest(), told.image(), imageId, told.targets());
    }

    private static Job job(AttemptState attempt) {
        var pod = attempt.pod();
        return pod == null
                ? new Job(attempt.jobName(), null, null, null, null)
                : new Job(attempt.jobName(), pod.name(), pod.node(), pod.reason(), pod.exitCode());
    }

    private static Events events(AttemptState attempt) {
        var progress = attempt.progress();
        var last = Math.max(
                progress.lastCounter(),
                attempt.summary().map(RunSummary::lastCounter).orElse(0L));
        var dropped =
                progress.dropped() + attempt.summary().map(RunSummary::dropped).orElse(0L);
        return new Events(
                progress.received(),
                progress.lastCounter(),
                last - progress.received() - progress.dropped(),
                dropped == 0 ? null : dropped);
    }

    /** The run is over and recorded; only what it was asked since is taken note of. */
    static AutomationRunStatus noted(AutomationRunStatus status, long generation) {
        return new AutomationRunStatus(
                generation,
                Conditions.observed(status.conditions(), generation),
                status.phase(),
                status.inputsHash(),
                status.inputs(),
                status.approval(),
                status.attempt(),
                status.job(),
                status.startedAt(),
                status.finishedAt(),
                status.duration(),
                status.hostTotals(),
                status.hosts(),
                status.moreHosts(),
                status.events(),
                status.redactions());
    }

    private static List<Fact> facts(RunPlan plan, Optional<AttemptState> attempt, Optional<String> unrecorded) {
        var succeeded = plan.phase() == RunPhase.SUCCEEDED
                ? Fact.yes(SUCCEEDED, plan.reason(), plan.message())
                : plan.phase().isTerminal()
                        ? Fact.no(SUCCEEDED, plan.reason(), plan.message())
                        : Fact.unknown(SUCCEEDED, plan.reason(), plan.message());
        var facts = new ArrayList<>(List.of(succeeded));
        obstacle(plan, attempt).ifPresent(why -> facts.add(Fact.no(STARTED, Reason.START_REFUSED, why)));
        unrecorded.ifPresent(why -> facts.add(Fact.no(HOST_KEYS_RECORDED, Reason.HOST_KEYS_NOT_RECORDED, why)));
        return Conditions.summarize(facts, plan.message());
    }

    private static Optional<String> obstacle(RunPlan plan, Optional<AttemptState> attempt) {
        return plan.reason() == Reason.START_REFUSED
                ? Optional.of(plan.message())
                : attempt.filter(seen -> plan.phase() == RunPhase.RUNNING && !seen.hasEnded() && !seen.hasBegun())
                        .map(AttemptState::obstacle);
    }

    private static String duration(String started, String finished) {
        var seconds = Math.max(
                0,
                Duration.between(Instant.parse(started), Instant.parse(finished))
                        .toSeconds());
        var time = Duration.ofSeconds(seconds);
        var text = new StringBuilder();
        if (time.toHours() > 0) {
            text.append(time.toHours()).append('h');
        }
        if (time.toMinutes() > 0) {
            text.append(time.toMinutesPart()).append('m');
        }
        return text.append(time.toSecondsPart()).append('s').toString();
    }
}
