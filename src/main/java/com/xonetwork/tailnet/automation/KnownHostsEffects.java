package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.kube.SecretData;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * SSH host keys that are known for the machines of a template: those that its user gave, and those that were believed on first
 * contact. The latter are kept in the ConfigMap {@code <template>-known-hosts} and, once that is full, in
 * {@code <template>-known-hosts-2} and so on. Several runs of a template write there at the same time, and so may its user.
 */
final class KnownHostsEffects {

    /** A ConfigMap holds 1 MiB. Together they hold some 4,000 RSA keys or 25,000 Ed25519 keys. */
    static final int PARTS = 4;

    static final int BYTES_OF_PART = 768 * 1024;

    private static final int TRIES = 30;

    private final KubernetesClient kubernetes;
    private final int bytesOfPart;
    private final ObjectMapper json = new ObjectMapper();

    /** @param found null where there is none of that name yet */
    private record Part(String name, @Nullable ConfigMap found) {
        String text() {
            return found == null || found.getData() == null
                    ? ""
                    : found.getData().getOrDefault(RunnerJob.KNOWN_HOSTS_FILE, "");
        }
    }

    KnownHostsEffects(KubernetesClient kubernetes) {
        this(kubernetes, BYTES_OF_PART);
    }

    KnownHostsEffects(KubernetesClient kubernetes, int bytesOfPart) {
        this.kubernetes = kubernetes;
        this.bytesOfPart = bytesOfPart;
    }

    /**
     * What a runner gets to know, in the form of a known_hosts file.
     *
     * @throws StartRefused when a ConfigMap has the record's name and is not the template's
     */
    String of(RunInputs inputs) {
        var template = inputs.template();
        var ssh = template.getSpec().ssh();
        var hosts = inputs.hosts().stream()
                .map(host -> KnownHostLine.host(host.address(), host.port()))
                .collect(Collectors.toSet());
        var recorded = ssh.hostKeys() == HostKeyPolicy.TRUST_ON_FIRST_USE
                ? KnownHosts.ofHosts(lines(parts(template)).toList(), hosts).stream()
                : Stream.<String>empty();
        var brought = inputs.hosts().stream().map(RunHost::knownHost).filter(Objects::nonNull);
        return Stream.of(given(template), recorded, brought)
                .flatMap(lines -> lines)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private Stream<String> given(AutomationTemplate template) {
        KeyRef ref = template.getSpec().ssh().knownHostsSecretRef();
        if (ref == null) {
            return Stream.empty();
        }
        var secret = kubernetes
                .secrets()
                .inNamespace(template.getMetadata().getNamespace())
                .withName(ref.name())
                .get();
        return SecretData.text(secret == null ? null : secret.getData(), ref.key())
                .lines();
    }

    private List<Part> parts(AutomationTemplate template) {
        var owner = template.getMetadata();
        var parts = new ArrayList<Part>();
        for (var part = 1; part <= PARTS; part++) {
            var name = KnownHosts.name(owner.getName(), part);
            var found = kubernetes
                    .configMaps()
                    .inNamespace(owner.getNamespace())
                    .withName(name)
                    .get();
            if (found != null && !Ownership.isMadeFor(owner.getUid(), found)) {
                throw new StartRefused(
                        Reason.HOST_KEYS_NOT_RECORDED,
                        "ConfigMap " + name + " was not made by the operator for AutomationTemplate " + owner.getName()
                                + ", so its host keys are not trusted and it is not changed. Rename or delete it");
            }
            parts.add(new Part(name, found));
        }
        return parts;
    }

    private static Stream<String> lines(List<Part> parts) {
        return parts.stream().flatMap(part -> part.text().lines());
    }

    /**
     * Records host keys that a runner believed on first contact, for all later runs of the template. Never throws: what a
     * runner sends must not keep its run from being cancelled or recorded.
     *
     * @param hosts of the attempt, as {@link KnownHostLine#host} writes them
     * @return why they are not recorded, in words for a user
     */
    Optional<String> record(AutomationTemplate template, Set<String> hosts, List<String> learnt) {
        if (template.getSpec().ssh().hostKeys() != HostKeyPolicy.TRUST_ON_FIRST_USE) {
            return Optional.empty();
        }
        try {
            for (var tried = 0; tried < TRIES; tried++) {
                var parts = parts(template);
                var known = Stream.concat(lines(parts), given(template)).toList();
                var news = KnownHosts.news(known, hosts, learnt);
                if (news.isEmpty()) {
                    return Optional.empty();
                }
                var left = write(template, parts, news);
                if (left.isPresent()) {
                    return left.get() == 0
                            ? Optional.empty()
                            : Optional.of(left.get() + " host keys were not recorded: the ConfigMaps "
                                    + parts.getFirst().name() + " to " + PARTS
                                    + " are full. Remove the lines of machines that are gone");
                }
            }
            return Optional.of("the host keys were not recorded: the ConfigMap "
                    + KnownHosts.name(template.getMetadata().getName(), 1) + " keeps being changed by others");
        } catch (StartRefused refused) {
            return Optional.of(refused.text());
        } catch (KubernetesClientException e) {
            return Optional.of("the host keys were not recorded, so the next run trusts the first key again: "
                    + ServerWords.of(e.getCode(), e.getStatus()));
        }
    }

    /** @return how many lines had no room; empty when somebody else wrote first */
    private Optional<Integer> write(AutomationTemplate template, List<Part> parts, List<String> news) {
        var rest = news;
        for (var part : parts) {
            var text = new StringBuilder(part.text());
            if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
            var size = text.toString().getBytes(UTF_8).length;
            var count = 0;
            while (count < rest.size() && size + rest.get(count).length() < bytesOfPart) {
                text.append(rest.get(count)).append('\n');
                size += rest.get(count).length() + 1;
                count++;
            }
            if (count > 0 && !write(template, part, text.toString())) {
                return Optional.empty();
            }
            rest = rest.subList(count, rest.size());
            if (rest.isEmpty()) {
                return Optional.of(0);
            }
        }
        return Optional.of(rest.size());
    }

    /** @return false when somebody else wrote it since it was read */
    private boolean write(AutomationTemplate template, Part part, String text) {
        var there = part.found();
        try {
            if (there == null) {
                kubernetes.resource(record(template, part.name(), text)).create();
            } else {
                kubernetes.resource(there).patch(PatchContext.of(PatchType.JSON_MERGE), change(there, text));
            }
            return true;
        } catch (KubernetesClientException e) {
            // Not there any more, or there already, or changed: look again.
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static ConfigMap record(AutomationTemplate template, String name, String text) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(template.getMetadata().getNamespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .withOwnerReferences(Ownership.by(template))
                .endMetadata()
                .withData(Map.of(RunnerJob.KNOWN_HOSTS_FILE, text))
                .build();
    }

    /** Names the version that it was made from: the API server refuses it when there is a newer one. */
    private String change(ConfigMap there, String text) {
        try {
            return json.writeValueAsString(Map.of(
                    "metadata",
                    Map.of("resourceVersion", there.getMetadata().getResourceVersion()),
                    "data",
                    Map.of(RunnerJob.KNOWN_HOSTS_FILE, text)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two texts cannot be written as JSON", e);
        }
    }
}
