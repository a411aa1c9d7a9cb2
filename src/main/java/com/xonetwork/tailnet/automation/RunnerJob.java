package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSecret;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.AttemptKey;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Kubernetes objects of one attempt. No value of a user is in an argument, a variable of the environment or a name of a
 * file that a shell could see: they travel in the Secret's files.
 */
@Pure
final class RunnerJob {

    static final String SERVICE_ACCOUNT = "xo-runner";
    static final String COMPONENT = "app.kubernetes.io/component";
    static final String RUNNER = "runner";
    /** Finds everything that runs have in the cluster. */
    static final String SELECTOR = ApiGroup.MANAGED_BY_LABEL + "=" + ApiGroup.OPERATOR + "," + COMPONENT + "=" + RUNNER;

    static final String ATTEMPT_LABEL = ApiGroup.GROUP + "/attempt";
    static final String TEMPLATE_LABEL = ApiGroup.GROUP + "/template";
    /** On a Job, for whoever asks which machines are taken: names of TailnetNodes, separated by commas. */
    static final String HOSTS_ANNOTATION = ApiGroup.GROUP + "/hosts";

    /** On a pod: the name of its AutomationRun. */
    static final String RUN_ANNOTATION = ApiGroup.GROUP + "/run";

    /** On a Job that the operator has stopped by itself: why. */
    static final String STOPPED_ANNOTATION = ApiGroup.GROUP + "/stopped";

    /** On a Secret of an attempt: the hash of what it says. On its Job: the hash of the inputs that it was made with. */
    static final String INPUTS_ANNOTATION = ApiGroup.GROUP + "/inputs";

    static final String ORDER_FILE = "run.json";
    static final String TOKEN_FILE = "token";
    static final String KNOWN_HOSTS_FILE = "known_hosts";
    static final String ATTEMPT_FILE = "attempt.json";

    private static final String ROOT = "/run/xo";
    private static final long RUNNER_USER = 65532;
    private static final int READABLE_BY_GROUP = 0440;
    /** The runner's own time limit comes first; this one is for a runner that does not keep it. */
    static final long DEADLINE_MARGIN_SECONDS = 60;

    private static final long GRACE_SECONDS = 30;
    /** Counts against the container's memory limit as far as it is used. */
    private static final String WORK_SIZE = "256Mi";

    private static final int LONGEST_HOSTS = 64 * 1024;
    private static final int HOST_DIGITS = 16;

    private RunnerJob() {}

    /** The account of all runners of a namespace: nothing is granted to it, and its token is not mounted. */
    static ServiceAccount serviceAccount(String namespace) {
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(SERVICE_ACCOUNT)
                .withNamespace(namespace)
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
    }

    static ObjectMeta metadata(AutomationRun run, AttemptKey key, Map<String, String> annotations) {
        return new ObjectMetaBuilder()
                .withName(key.objectName())
                .withNamespace(key.namespace())
                .withLabels(labels(run, key))
                .withAnnotations(annotations.isEmpty() ? null : annotations)
                .withOwnerReferences(Ownership.by(run))
                .build();
    }

    private static Map<String, String> labels(AutomationRun run, AttemptKey key) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR);
        labels.put(COMPONENT, RUNNER);
        labels.put(ATTEMPT_LABEL, String.valueOf(key.attempt()));
        labels.put(TEMPLATE_LABEL, templateLabel(run.getSpec().templateRef().name()));
        return labels;
    }

    /** A template's name may be longer than a label's value. */
    static String templateLabel(String template) {
        return RunInputs.digest(template.getBytes(UTF_8));
    }

    /**
     * What {@link #HOSTS_ANNOTATION} says. All annotations of an object have 256 KiB: where the names do not fit, their digests
     * stand there.
     */
    static String hosts(List<String> names) {
        var text = String.join(",", names);
        return text.length() <= LONGEST_HOSTS
                ? text
                : names.stream().map(RunnerJob::hostDigest).collect(Collectors.joining(","));
    }

    static String hostDigest(String name) {
        return "#" + RunInputs.digest(name.getBytes(UTF_8)).substring(0, HOST_DIGITS);
    }

    /** Name of the Secret with the attempt's copy of its source. */
    static String sourceName(AttemptKey key) {
        return key.objectName() + "-source";
    }

    /** Whether the attempt has a copy of its source. */
    static boolean hasSource(Job job) {
        return job.getSpec().getTemplate().getSpec().getVolumes().stream()
                .map(Volume::getSecret)
                .anyMatch(secret ->
                        secret != null && (job.getMetadata().getName() + "-source").equals(secret.getSecretName()));
    }

    static Job job(AutomationRun run, AttemptKey key, AttemptOrder order, RunInputs inputs) {
        var hosts = hosts(order.hosts());
        var deadline =
                DurationText.parse(inputs.template().getSpec().timeouts().run()).toSeconds() + DEADLINE_MARGIN_SECONDS;
        return new JobBuilder()
                .withMetadata(metadata(run, key, Map.of(HOSTS_ANNOTATION, hosts, INPUTS_ANNOTATION, inputs.hash())))
                .withNewSpec()
                .withBackoffLimit(0)
                .withParallelism(1)
                .withCompletions(1)
                .withActiveDeadlineSeconds(deadline)
                // One pod, ever: a second one is an attempt of its own.
                .withPodReplacementPolicy("Failed")
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels(run, key))
                .addToAnnotations(RUN_ANNOTATION, run.getMetadata().getName())
                .addToAnnotations(HOSTS_ANNOTATION, hosts)
                .endMetadata()
                .withSpec(pod(key, inputs))
                .endTemplate()
                .endSpec()
                .build();
    }

    /**
     * The Job, with Secrets of its namespace to pull its image with.
     *
     * @param ofTemplate those that the template names
     * @param ofOperator those that the operator is told of
     */
    static Job pulling(Job job, List<LocalRef> ofTemplate, List<String> ofOperator) {
        return new JobBuilder(job)
                .editSpec()
                .editTemplate()
                .editSpec()
                .addAllToImagePullSecrets(Stream.concat(ofTemplate.stream().map(LocalRef::name), ofOperator.stream())
                        .distinct()
                        .map(LocalObjectReference::new)
                        .toList())
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(AttemptKey key, RunInputs inputs) {
        var spec = inputs.template().getSpec();
        var volumes = new ArrayList<Volume>();
        var mounts = new ArrayList<VolumeMount>();
        add(volumes, mounts, secretVolume("input", key.objectName()), ROOT + "/input");
        add(volumes, mounts, keyVolume("ssh", spec.ssh().keySecretRef(), "key"), ROOT + "/ssh");
        if (spec.source().configMap() != null) {
            add(volumes, mounts, secretVolume("source", sourceName(key)), ROOT + "/source");
        }
        var secrets = spec.secrets().stream()
                .map(AutomationSecret::secretRef)
                .collect(Collectors.groupingBy(KeyRef::name, LinkedHashMap::new, Collectors.toList()));
        var number = 0;
        for (var secret : secrets.entrySet()) {
            var volume = keysVolume("secret-" + number, secret.getKey(), secret.getValue());
            add(volumes, mounts, volume, ROOT + "/secrets/" + secret.getKey());
            number++;
        }
        volumes.add(new VolumeBuilder()
                .withName("work")
                // Holds the SSH key and the secrets as the engine wants them: never on a disk of the node.
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity(WORK_SIZE))
                .endEmptyDir()
                .build());
        mounts.add(new VolumeMountBuilder()
                .withName("work")
                .withMountPath(ROOT + "/work")
                .build());
        var resources = spec.resources();
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withServiceAccountName(SERVICE_ACCOUNT)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(RUNNER_USER)
                .withRunAsGroup(RUNNER_USER)
                .withFsGroup(RUNNER_USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName(RUNNER)
                .withImage(inputs.image())
                .withTerminationMessagePolicy("File")
                .addNewEnv()
                .withName("HOME")
                .withValue(ROOT + "/work")
                .endEnv()
                .addNewEnv()
                .withName("TMPDIR")
                .withValue(ROOT + "/work")
                .endEnv()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withNewResources()
                .addToRequests("cpu", new Quantity(resources.cpuRequest()))
                .addToRequests("memory", new Quantity(resources.memoryRequest()))
                .addToLimits("memory", new Quantity(resources.memoryLimit()))
                .endResources()
                .withVolumeMounts(mounts)
                .endContainer()
                .withVolumes(volumes)
                .build();
    }

    private static void add(List<Volume> volumes, List<VolumeMount> mounts, Volume volume, String path) {
        volumes.add(volume);
        mounts.add(new VolumeMountBuilder()
                .withName(volume.getName())
                .withMountPath(path)
                .withReadOnly(true)
                .build());
    }

    private static Volume secretVolume(String name, String secret) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READABLE_BY_GROUP)
                .endSecret()
                .build();
    }

    /** Only what the template names: what else the Secret holds is none of the automation's business. */
    private static Volume keysVolume(String name, String secret, List<KeyRef> refs) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READABLE_BY_GROUP)
                .addAllToItems(refs.stream()
                        .map(KeyRef::key)
                        .distinct()
                        .map(key -> new KeyToPathBuilder()
                                .withKey(key)
                                .withPath(key)
                                .build())
                        .toList())
                .endSecret()
                .build();
    }

    private static Volume keyVolume(String name, KeyRef ref, String file) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(ref.name())
                .withDefaultMode(READABLE_BY_GROUP)
                .addNewItem()
                .withKey(ref.key())
                .withPath(file)
                .endItem()
                .endSecret()
                .build();
    }
}
