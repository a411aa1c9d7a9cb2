package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.automation.AttemptState.JobState;
import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers what is seen of a run's last attempt: the Job, its pod, its events, its Secret. A part of what {@link RunGatherer} gathers. */
final class AttemptGatherer {

    /** What each container waits for before it begins. */
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    private static final Duration UNTIL_POD = Duration.ofSeconds(5);

    private final AttemptReads reads;
    private final AttemptSecretEffects records;
    private final RunEventStore events;
    private final Duration startTimeout;
    private final Clock clock;

    AttemptGatherer(
            AttemptReads reads,
            AttemptSecretEffects records,
            RunEventStore events,
            Duration startTimeout,
            Clock clock) {
        this.startTimeout = startTimeout;
        this.clock = clock;
        this.reads = reads;
        this.records = records;
        this.events = events;
    }

    /** @return empty when no attempt was started */
    Optional<AttemptState> gather(AutomationRun run, Context<AutomationRun> context) {
        var status = run.getStatus();
        var told =
                status == null || status.attempt() == null ? 0 : Math.min(status.attempt(), AttemptJobs.MOST_ATTEMPTS);
        // Each attempt is recorded before the next one is made: a Job further on is none of the operator's.
        var newest = jobsOf(run, context)
                .filter(job -> AttemptJobs.attempt(job) <= told + 1)
                .max(Comparator.comparing(AttemptJobs::attempt));
        var attempt = Math.max(told, newest.map(AttemptJobs::attempt).orElse(0));
        if (attempt == 0) {
            return Optional.empty();
        }
        var key = AttemptJobs.key(run, attempt);
        // A Job that was just made may not be in the cache yet: before it is called gone, it is asked for.
        var job = newest.filter(found -> AttemptJobs.attempt(found) == attempt).or(() -> reads.job(key));
        var cached = job.flatMap(found -> newest(podsOf(found, context.getSecondaryResources(Pod.class).stream())));
        // Jobs and pods are watched apart: that its Job has ended can be known before the pod's own end, which says
        // how.
        var pod = job.filter(found -> !JobStates.hasEnded(found)).isPresent()
                        || cached.filter(JobStates::hasEnded).isPresent()
                ? cached
                : job.flatMap(found -> newest(podsOf(found, reads.pods(key).stream())));
        var end = pod.map(JobStates::podEnd);
        var progress = events.progress(key);
        var record = records.find(key);
        return Optional.of(new AttemptState(
                attempt,
                key.objectName(),
                job.map(found -> JobStates.hasEnded(found) ? JobState.ENDED : JobState.ACTIVE)
                        .orElse(JobState.ABSENT),
                job.filter(JobStates::isPastDeadline).isPresent(),
                job.filter(JobStates::isStopping).isPresent(),
                end.orElse(null),
                job.map(found -> Instant.parse(found.getMetadata().getCreationTimestamp()))
                        .orElse(null),
                JobStates.ended(job.orElse(null), pod.orElse(null)),
                progress,
                record.map(AttemptSecretEffects.AttemptRecord::order),
                progress.received() > 0 ? null : obstacle(job, pod, end),
                job.map(this::startBy).orElse(null),
                job.flatMap(JobStates::stopCause).orElse(null),
                record.map(AttemptSecretEffects.AttemptRecord::inputsHash)
                        .or(() -> job.map(AttemptGatherer::inputsHash))
                        .filter(hash -> !hash.isEmpty())
                        .orElse(null)));
    }

    private static String inputsHash(Job job) {
        var annotations = job.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(RunnerJob.INPUTS_ANNOTATION, "");
    }

    /** Labels can be anybody's: a pod is a Job's when the Job controls it. */
    private static Stream<Pod> podsOf(Job job, Stream<Pod> pods) {
        return pods.filter(pod -> Ownership.isControlledBy(job.getMetadata().getUid(), pod));
    }

    private @Nullable String obstacle(Optional<Job> job, Optional<Pod> pod, Optional<PodEnd> end) {
        return end.isPresent()
                ? end.filter(found -> !found.hasBegun())
                        .map(PodEnd::waiting)
                        .flatMap(words -> ON_ITS_WAY.contains(words) ? mountRefusal(pod) : Optional.of(words))
                        .orElse(null)
                : job.filter(found -> !JobStates.hasEnded(found) && !JobStates.isStopping(found))
                        .filter(found -> isOld(found.getMetadata()))
                        .flatMap(reads::podRefusal)
                        .map(words -> "its pod cannot be made: " + words)
                        .orElse(null);
    }

    private Optional<String> mountRefusal(Optional<Pod> pod) {
        return pod.filter(found -> isOld(found.getMetadata()))
                .flatMap(reads::mountRefusal)
                .map(words -> "its Secrets cannot be mounted: " + words);
    }

    /** Before the Job's own deadline, at which the pod goes, and with it the cause. */
    private Instant startBy(Job job) {
        var deadline = job.getSpec().getActiveDeadlineSeconds();
        var limit = deadline == null
                ? startTimeout
                : Duration.ofSeconds(Math.min(startTimeout.toSeconds(), deadline - RunnerJob.DEADLINE_MARGIN_SECONDS));
        return Instant.parse(job.getMetadata().getCreationTimestamp()).plus(limit);
    }

    /** A pod of a younger Job may just not be in the cache yet, and a younger pod may just be on its way. */
    private boolean isOld(ObjectMeta metadata) {
        return Instant.parse(metadata.getCreationTimestamp()).plus(UNTIL_POD).isBefore(clock.instant());
    }

    /** Those of all its attempts that the cache has. Jobs that it waits for wake it too, and so count as its own to the framework. */
    static Stream<Job> jobsOf(AutomationRun run, Context<AutomationRun> context) {
        return context.getSecondaryResources(Job.class).stream().filter(job -> AttemptJobs.isOf(run, job));
    }

    private static Optional<Pod> newest(Stream<Pod> pods) {
        return pods.max(Comparator.comparing(found -> found.getMetadata().getCreationTimestamp()));
    }
}
