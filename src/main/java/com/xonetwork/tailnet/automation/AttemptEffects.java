package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes, stops and lets go what an attempt has in the cluster. Everything has a name that follows from the attempt. */
final class AttemptEffects {

    /** Between an attempt's Secret and its Job lie few calls: a Job that is missing longer than this was there and is gone. */
    private static final Duration BETWEEN_SECRET_AND_JOB = Duration.ofMinutes(2);

    private final KubernetesClient kubernetes;
    private final AttemptReads reads;
    private final AttemptSecretEffects secrets;
    private final KnownHostsEffects knownHosts;
    private final RunnerSettings settings;
    private final Clock clock;

    AttemptEffects(
            KubernetesClient kubernetes,
            AttemptReads reads,
            AttemptSecretEffects secrets,
            KnownHostsEffects knownHosts,
            RunnerSettings settings,
            Clock clock) {
        this.kubernetes = kubernetes;
        this.reads = reads;
        this.secrets = secrets;
        this.knownHosts = knownHosts;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Makes the attempt's objects, the Job last. What a process before this one has made for the same inputs is taken as it is.
     *
     * @return why the attempt cannot be started any more, in words for a user; empty when it was
     * @throws StartRefused when it cannot be started as things are; nothing of it runs then
     */
    Optional<String> start(AutomationRun run, Start start) {
        var key = AttemptJobs.key(run, start.attempt());
        var inputs = start.inputs();
        var files = Map.of(
                RunnerJob.ORDER_FILE, RunOrder.json(run, key, start.order(), inputs, settings.callback()),
                RunnerJob.KNOWN_HOSTS_FILE, knownHosts.of(inputs));
        var made = secrets.create(run, key, start.order(), files, inputs.hash());
        var earlier = made.isPresent()
                ? Optional.<AttemptSecretEffects.Made>empty()
                : secrets.made(key, start.order(), files, inputs.hash());
        if (earlier.isPresent() && reads.job(key).isEmpty()) {
            if (isOld(earlier.get().at())) {
                return Optional.of("Attempt " + start.attempt()
                        + " has a Secret but no Job. It may have run, so the operator does not start it again. Check the"
                        + " machines, then create another AutomationRun");
            }
            if (!earlier.get().isSame()) {
                discard(key);
                throw new StartRefused(
                        Reason.START_REFUSED,
                        "The run's inputs changed while the operator started it. The operator starts it again");
            }
        }
        var order = made.or(() -> secrets.find(key))
                .map(AttemptSecretEffects.AttemptRecord::order)
                .orElseThrow(() -> StartRefused.inTheWay("Secret", key.objectName()));
        try {
            copySource(run, key, inputs);
            create(key, RunnerJob.serviceAccount(key.namespace()));
            limit(key, RunnerNetwork.policy(run, key, order, inputs, settings));
            var job = RunnerJob.pulling(
                    RunnerJob.job(run, key, order, inputs),
                    inputs.template().getSpec().imagePullSecrets(),
                    settings.imagePullSecrets());
            if (!create(key, job) && reads.job(key).isEmpty()) {
                throw StartRefused.inTheWay("Job", key.objectName());
            }
        } catch (StartRefused refused) {
            // Otherwise a later look would find the Secret without its Job, and could not tell that nothing ran.
            if (reads.job(key).isEmpty()) {
                discard(key);
                throw refused;
            }
        }
        return Optional.empty();
    }

    /** What runs is what was settled, whatever becomes of the ConfigMap until the pod mounts it. */
    private void copySource(AutomationRun run, AttemptKey key, RunInputs inputs) {
        var files = inputs.template().getSpec().source().configMap();
        if (files == null) {
            return;
        }
        var found = reads.configMap(key.namespace(), files.name());
        var digest = RunSource.of(inputs.template().getSpec().source(), found).digest();
        if (found == null || digest == null || !digest.equals(inputs.sourceDigest())) {
            throw new StartRefused(
                    Reason.START_REFUSED,
                    "ConfigMap " + files.name()
                            + " has changed while the run was being started. The operator reads it again");
        }
        if (!secrets.copySource(run, key, RunSource.content(found), digest)) {
            throw new StartRefused(
                    Reason.START_REFUSED,
                    "Secret " + RunnerJob.sourceName(key) + " is not a copy of ConfigMap " + files.name()
                            + " as it is now. It is deleted and made again");
        }
    }

    /** Nothing of the attempt runs, and nothing of it is to be found later. */
    private void discard(AttemptKey key) {
        secrets.delete(key, true);
        deletePolicy(key);
    }

    /** The admission policies refuse it where the operator has not made it: then it stays. */
    private void deletePolicy(AttemptKey key) {
        try {
            kubernetes
                    .network()
                    .v1()
                    .networkPolicies()
                    .inNamespace(key.namespace())
                    .withName(key.objectName())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
        }
    }

    private boolean isOld(Instant made) {
        return made.plus(BETWEEN_SECRET_AND_JOB).isBefore(clock.instant());
    }

    /** A policy of that name which is there before the Job is left over, or somebody else's: neither is believed. */
    private void limit(AttemptKey key, NetworkPolicy policy) {
        if (create(key, policy) || reads.job(key).isPresent()) {
            return;
        }
        deletePolicy(key);
        if (!create(key, policy)) {
            throw StartRefused.inTheWay(policy.getKind(), key.objectName());
        }
    }

    /** @return false when there is one of that name already */
    private boolean create(AttemptKey key, HasMetadata object) {
        try {
            kubernetes.resource(object).create();
            return true;
        } catch (KubernetesClientException e) {
            if (!ServerWords.isRefusal(e.getCode())) {
                throw e;
            }
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw new StartRefused(
                        Reason.START_REFUSED,
                        "The " + object.getKind() + " of attempt " + key.attempt()
                                + " was refused, so nothing of it runs: " + ServerWords.of(e.getCode(), e.getStatus()));
            }
            return false;
        }
    }

    /**
     * Has the Job controller end the pod: SIGTERM, grace, SIGKILL. The Job itself stays.
     *
     * @param cause why, for the record; null when the run was cancelled
     */
    void stop(String namespace, String job, @Nullable String cause) {
        edit(namespace, job, there -> {
            if (cause != null) {
                there.editMetadata()
                        .addToAnnotations(RunnerJob.STOPPED_ANNOTATION, cause)
                        .endMetadata();
            }
            return there.editSpec().withSuspend(true).endSpec().build();
        });
    }

    /** Its record is complete: its token and order go now, and Kubernetes removes the Job by itself later. */
    void release(AttemptKey key, Job job) {
        secrets.delete(key, RunnerJob.hasSource(job));
        edit(
                key.namespace(),
                key.objectName(),
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
