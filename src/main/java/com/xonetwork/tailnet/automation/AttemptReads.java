package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads at the API server what no cache has, or does not have yet: by name, and never a list of everything. */
final class AttemptReads {

    private final KubernetesClient kubernetes;

    AttemptReads(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    RunSource source(String namespace, AutomationSource source) {
        var files = source.configMap();
        return RunSource.of(source, files == null ? null : configMap(namespace, files.name()));
    }

    @Nullable
    ConfigMap configMap(String namespace, String name) {
        return kubernetes.configMaps().inNamespace(namespace).withName(name).get();
    }

    /** The attempt's Job, whatever the cache says. One of its name that somebody else made is none. */
    Optional<Job> job(AttemptKey key) {
        return Optional.ofNullable(kubernetes
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(key.namespace())
                        .withName(key.objectName())
                        .get())
                .filter(found -> AttemptJobs.runOf(found)
                        .filter(owner -> key.runUid().equals(owner.getUid()))
                        .isPresent());
    }

    /** What says to be a pod of the attempt's Job, whatever the cache says. */
    List<Pod> pods(AttemptKey key) {
        return kubernetes
                .pods()
                .inNamespace(key.namespace())
                .withLabelSelector(RunnerJob.SELECTOR + "," + AttemptJobs.JOB_NAME + "=" + key.objectName())
                .list()
                .getItems();
    }

    /** Why the Job controller cannot make the Job's pod, in its words: it tells only in Events. Empty when it does not say. */
    Optional<String> podRefusal(Job job) {
        return told(job.getMetadata(), "FailedCreate");
    }

    /** Why the pod's Secrets cannot be mounted (one is missing, or a key of it), in Kubernetes' words. Empty when it does not say. */
    Optional<String> mountRefusal(Pod pod) {
        return told(pod.getMetadata(), "FailedMount");
    }

    private Optional<String> told(ObjectMeta of, String reason) {
        return kubernetes
                .v1()
                .events()
                .inNamespace(of.getNamespace())
                .withField("involvedObject.uid", of.getUid())
                .withField("reason", reason)
                .list()
                .getItems()
                .stream()
                .map(Event::getMessage)
                .filter(message -> message != null && !message.isBlank())
                .reduce((first, last) -> last)
                .map(ServerWords::fit);
    }
}
