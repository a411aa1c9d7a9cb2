package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.AttemptKey;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says which Job is which attempt of which run, and which pod is which Job's. */
@Pure
final class AttemptJobs {

    /** Kubernetes' own label on the pods of a Job. */
    static final String JOB_NAME = "batch.kubernetes.io/job-name";

    /** The first, and as many as {@code retries} of a template can be. */
    static final int MOST_ATTEMPTS = 11;

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]?");

    private AttemptJobs() {}

    /** Whether the Job is an attempt of the run. */
    static boolean isOf(AutomationRun run, Job job) {
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
