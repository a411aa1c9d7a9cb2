package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.config.Ownership;
import com.xonetwork.tailnet.config.SecretData;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * SSH host keys that are known for the machines of a template: those that its user gave, and those that were believed on first
 * contact, which are kept in the ConfigMap {@code <template>-known-hosts}.
 */
final class KnownHostsEffects {

    private final KubernetesClient kubernetes;

    KnownHostsEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** In the form of a known_hosts file. */
    String of(RunInputs inputs) {
        var template = inputs.template();
        var ssh = template.getSpec().ssh();
        var ref = ssh.knownHostsSecretRef();
        var lines = Stream.concat(
                ref == null ? Stream.empty() : given(template, ref).lines(),
                ssh.hostKeys() == HostKeyPolicy.TRUST_ON_FIRST_USE ? recorded(template).stream() : Stream.empty());
        var brought = inputs.hosts().stream().map(RunHost::knownHost).filter(Objects::nonNull);
        return String.join(
                "", Stream.concat(lines, brought).map(line -> line + "\n").toList());
    }

    private String given(AutomationTemplate template, KeyRef ref) {
        var secret = kubernetes
                .secrets()
                .inNamespace(template.getMetadata().getNamespace())
                .withName(ref.name())
                .get();
        return SecretData.text(secret == null ? null : secret.getData(), ref.key());
    }

    private static String recordName(AutomationTemplate template) {
        return template.getMetadata().getName() + "-known-hosts";
    }

    private List<String> recorded(AutomationTemplate template) {
        var found = kubernetes
                .configMaps()
                .inNamespace(template.getMetadata().getNamespace())
                .withName(recordName(template))
                .get();
        var text = found == null || found.getData() == null
                ? null
                : found.getData().get(RunnerJob.KNOWN_HOSTS_FILE);
        return text == null
                ? List.of()
                : text.lines().filter(line -> !line.isBlank()).toList();
    }

    /** Records host keys that a runner believed on first contact, for all later runs of the template. */
    void record(AutomationTemplate template, List<String> learnt) {
        var lines = new TreeSet<>(recorded(template));
        if (template.getSpec().ssh().hostKeys() != HostKeyPolicy.TRUST_ON_FIRST_USE || !lines.addAll(learnt)) {
            return;
        }
        var text = String.join("\n", lines) + "\n";
        var owner = template.getMetadata();
        var record = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(recordName(template))
                .withNamespace(owner.getNamespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .withOwnerReferences(Ownership.by(template))
                .endMetadata()
                .withData(Map.of(RunnerJob.KNOWN_HOSTS_FILE, text))
                .build();
        try {
            kubernetes.resource(record).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            kubernetes
                    .resource(record)
                    .edit((ConfigMap there) -> new ConfigMapBuilder(there)
                            .addToData(RunnerJob.KNOWN_HOSTS_FILE, text)
                            .build());
        }
    }
}
