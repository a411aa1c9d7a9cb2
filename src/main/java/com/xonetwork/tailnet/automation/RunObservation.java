package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.automation.AttemptState.JobState;
import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what is seen of a run's last attempt: the Job, its pod, its events, its Secret. */
final class RunObservation {

    /** Kubernetes' own label on the pods of a Job. */
    static final String JOB_NAME = "batch.kubernetes.io/job-name";

    /** What each container waits for before it begins. */
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    private static final Duration UNTIL_POD = Duration.ofSeconds(5);

    /** The first, and as many as {@code retries} of a template can be. */
    static final int MOST_ATTEMPTS = 11;

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]?");

    private final RunEffects effects;
    private final AttemptSecretEffects records;
    private final RunEventStore events;
    private final Duration startTimeout;
    private final Clock clock;

    RunObservation(
            RunEffects effects,
            AttemptSecretEffects records,
            RunEventStore events,
            Duration startTimeout,
            Clock clock) {
        this.startTimeout = startTimeout;
        this.clock = clock;
        this.effects = effects;
        this.records = records;
        this.events = events;
    }

    /** @return empty when no attempt was started */
    Optional<AttemptState> of(AutomationRun run, Context<AutomationRun> context) {
        var status = run.getStatus();
        var told = status == null || status.attempt() == null ? 0 : Math.min(status.attempt(), MOST_ATTEMPTS);
        // Each attempt is recorded before the next one is made: a Job further on is none of the operator's.
        var newest = jobsOf(run, context)
                .filter(job -> attempt(job) <= told + 1)
                .max(Comparator.comparing(RunObservation::attempt));
        var attempt = Math.max(told, newest.map(RunObservation::attempt).orElse(0));
        if (attempt == 0) {
            return Optional.empty();
        }
        var key = key(run, attempt);
        // A Job that was just made may not be in the cache yet: before it is called gone, it is asked for.
        var job = newest.filter(found -> attempt(found) == attempt).or(() -> effects.job(key));
        var cached = job.flatMap(found -> newest(podsOf(found, context.getSecondaryResources(Pod.class).stream())));
        // Jobs and pods are watched apart: that its Job has ended can be known before the pod's own end, which says
        // how.
        var pod = job.filter(found -> !JobStates.hasEnded(found)).isPresent()
                        || cached.filter(JobStates::hasEnded).isPresent()
                ? cached
                : job.flatMap(found -> newest(podsOf(found, effects.pods(key).stream())));
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
                        .or(() -> job.map(RunObservation::inputsHash))
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
                        .flatMap(effects::podRefusal)
                        .map(words -> "its pod cannot be made: " + words)
                        .orElse(null);
    }

    private Optional<String> mountRefusal(Optional<Pod> pod) {
        return pod.filter(found -> isOld(found.getMetadata()))
                .flatMap(effects::mountRefusal)
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
        return context.getSecondaryResources(Job.class).stream().filter(job -> isOf(run, job));
    }

    private static boolean isOf(AutomationRun run, Job job) {
        return runOf(job)
                .filter(owner -> run.getMetadata().getUid().equals(owner.getUid()))
                .isPresent();
    }

    /**
     * The run that the Job is an attempt of; empty for a Job that is no attempt's. Anybody who may make Jobs can give one any label
     * and owner: it is an attempt's when its name says the same.
     */
    static Optional<OwnerReference> runOf(Job job) {
        var attempt = attempt(job);
        return Ownership.controller(job, AutomationRun.class)
                .filter(owner -> attempt > 0
                        && Ownership.isMadeFor(owner.getUid(), job)
                        && new AttemptKey(job.getMetadata().getNamespace(), owner.getUid(), attempt)
                                .objectName()
                                .equals(job.getMetadata().getName()));
    }

    /** The Job that controls the pod. Pods that it does not control are none of a run's, whatever their labels say. */
    static Optional<OwnerReference> jobOf(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()) && "Job".equals(owner.getKind()))
                .findFirst();
    }

    private static Optional<Pod> newest(Stream<Pod> pods) {
        return pods.max(Comparator.comparing(found -> found.getMetadata().getCreationTimestamp()));
    }

    /** The attempt of that number, from 1. */
    static AttemptKey key(AutomationRun run, int attempt) {
        return new AttemptKey(
                run.getMetadata().getNamespace(), run.getMetadata().getUid(), attempt);
    }

    /** @return 0 for a Job that is no attempt's */
    static int attempt(Job job) {
        var labels = job.getMetadata().getLabels();
        var label = labels == null ? null : labels.get(RunnerJob.ATTEMPT_LABEL);
        var number = label != null && NUMBER.matcher(label).matches() ? Integer.parseInt(label) : 0;
        return number <= MOST_ATTEMPTS ? number : 0;
    }
}
