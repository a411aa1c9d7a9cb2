package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.runner.AttemptKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes, stops and lets go what an attempt has in the cluster. Everything has a name that follows from the attempt. */
final class RunEffects {

    /** Between an attempt's Secret and its Job lies one call: a Job that is missing longer than this was there and is gone. */
    private static final Duration BETWEEN_SECRET_AND_JOB = Duration.ofMinutes(2);

    private final KubernetesClient kubernetes;
    private final AttemptSecretEffects secrets;
    private final KnownHostsEffects knownHosts;
    private final RunnerSettings settings;
    private final Clock clock;

    RunEffects(
            KubernetesClient kubernetes,
            AttemptSecretEffects secrets,
            KnownHostsEffects knownHosts,
            RunnerSettings settings,
            Clock clock) {
        this.kubernetes = kubernetes;
        this.secrets = secrets;
        this.knownHosts = knownHosts;
        this.settings = settings;
        this.clock = clock;
    }

    RunSource source(String namespace, AutomationSource source) {
        var files = source.configMap();
        return RunSource.of(source, files == null ? null : configMap(namespace, files.name()));
    }

    private @Nullable ConfigMap configMap(String namespace, String name) {
        return kubernetes.configMaps().inNamespace(namespace).withName(name).get();
    }

    /** The Job, whatever the cache says. */
    Optional<Job> job(AttemptKey key) {
        return Optional.ofNullable(kubernetes
                .batch()
                .v1()
                .jobs()
                .inNamespace(key.namespace())
                .withName(key.objectName())
                .get());
    }

    /** The Job's pods, whatever the cache says. */
    List<Pod> pods(AttemptKey key) {
        return kubernetes
                .pods()
                .inNamespace(key.namespace())
                .withLabel(RunObservation.JOB_NAME, key.objectName())
                .list()
                .getItems();
    }

    /**
     * Makes the attempt's objects, the Job last. What a process before this one has made is taken as it is.
     *
     * @return why the attempt cannot be started any more, in words for a user; empty when it was
     */
    Optional<String> start(AutomationRun run, Start start) {
        var key = new AttemptKey(
                run.getMetadata().getNamespace(), run.getMetadata().getUid(), start.attempt());
        var files = Map.of(
                RunnerJob.ORDER_FILE, RunOrder.json(run, key, start.order(), start.inputs(), settings.callback()),
                RunnerJob.KNOWN_HOSTS_FILE, knownHosts.of(start.inputs()));
        var made = secrets.create(run, key, start.order(), files);
        if (made.isEmpty() && secrets.made(key).filter(this::isOld).isPresent() && job(key).isEmpty()) {
            return Optional.of("the Secret of attempt " + start.attempt()
                    + " is there and its Job is not: it may have run. Create another AutomationRun");
        }
        var order = made.or(() -> secrets.find(key))
                .map(AttemptSecretEffects.AttemptRecord::order)
                .orElseThrow(() ->
                        new IllegalStateException("Secret " + key.objectName() + " is not of this run: delete it"));
        create(RunnerJob.serviceAccount(key.namespace()));
        create(RunnerJob.networkPolicy(run, key, order, start.inputs(), settings.callback()));
        create(RunnerJob.pulling(RunnerJob.job(run, key, order, start.inputs()), settings.imagePullSecrets()));
        return Optional.empty();
    }

    private boolean isOld(Instant made) {
        return made.plus(BETWEEN_SECRET_AND_JOB).isBefore(clock.instant());
    }

    /** @return empty when there is one of that name already */
    private <R extends HasMetadata> Optional<R> create(R object) {
        try {
            return Optional.of(kubernetes.resource(object).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Has the Job controller end the pod: SIGTERM, grace, SIGKILL. The Job itself stays. */
    void stop(String namespace, String job) {
        edit(
                namespace,
                job,
                there -> there.editSpec().withSuspend(true).endSpec().build());
    }

    /** From now on Kubernetes removes the Job by itself. */
    void release(String namespace, String job) {
        edit(
                namespace,
                job,
                there -> there.editSpec()
                        .withTtlSecondsAfterFinished(settings.keepSeconds())
                        .endSpec()
                        .build());
    }

    private void edit(String namespace, String name, Function<JobBuilder, Job> change) {
        try {
            kubernetes
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(name)
                    .edit(there -> change.apply(new JobBuilder(there)));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
