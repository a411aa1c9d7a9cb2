package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.tailnet.ImportPlan.Adoption;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** Creates and removes the TailnetNodes that {@code deviceImport} asks for. */
@Singleton
final class ImportEffects {

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9]{1,64}");
    /** Leaves room for the hash within the 63 characters of a label. */
    private static final int LONGEST_STEM = 50;

    private static final int AT_ONCE = 8;

    private final KubernetesClient kubernetes;

    ImportEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Creates the device's node. The name follows from the device alone, so that doing it twice makes one: its MagicDNS name
     * where that is a valid name nobody else has, else that made valid and a hash of the id.
     */
    void create(Tailnet tailnet, Adoption adoption) {
        var device = adoption.device();
        if (!DEVICE_ID.matcher(device.id()).matches()) {
            throw new IllegalArgumentException(
                    "its id " + device.id().replaceAll("\\W", "?") + " cannot stand in a resource");
        }
        var node = node(tailnet, adoption, name(device));
        if (!create(node)) {
            var existing = kubernetes
                    .resources(TailnetNode.class)
                    .inNamespace(node.getMetadata().getNamespace())
                    .withName(node.getMetadata().getName())
                    .get();
            var isSame = existing != null
                    && device.id().equals(existing.getSpec().deviceId())
                    && existing.getSpec().tailnetRef().equals(node.getSpec().tailnetRef());
            if (!isSame) {
                create(node(tailnet, adoption, nameWithHash(device)));
            }
        }
    }

    /** @return false when there is one of that name already */
    private boolean create(TailnetNode node) {
        try {
            kubernetes.resource(node).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** Removes an imported node, unless it was changed since the decision: then the next round decides again. */
    void remove(TailnetNode node) {
        try {
            kubernetes
                    .resource(node)
                    .lockResourceVersion(node.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    static TailnetNode node(Tailnet tailnet, Adoption adoption, String name) {
        var node = new TailnetNode();
        node.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(tailnet.getMetadata().getNamespace())
                .addToLabels(ApiGroup.IMPORTED_LABEL, "true")
                .withOwnerReferences(Ownership.by(tailnet))
                .build());
        // The others stay on the device as they are: nobody can write them down, so nobody is taken to want them away.
        var tags = adoption.tags().stream().filter(TailnetNodeSpec::canHold).toList();
        if (tags.size() > TailnetNodeSpec.MOST_TAGS) {
            throw new IllegalArgumentException(
                    "It carries " + tags.size() + " tags that no NodeClass gives it, and a TailnetNode"
                            + " holds " + TailnetNodeSpec.MOST_TAGS
                            + ". It is not imported, so that it loses none. Remove some, or give them to it by NodeClasses");
        }
        node.setSpec(new TailnetNodeSpec(
                new LocalRef(tailnet.getMetadata().getName()),
                // The name is the device's own: it may change without the node becoming another.
                null,
                adoption.device().id(),
                tags,
                null,
                null,
                null,
                DeletionPolicy.RETAIN,
                null,
                null));
        return node;
    }

    /** A valid DNS-1123 label, whatever the device calls itself. */
    static String name(Device device) {
        return DNS_LABEL.matcher(device.name()).matches() ? device.name() : nameWithHash(device);
    }

    static String nameWithHash(Device device) {
        var stem = device.name()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        var cut = stem.substring(0, Math.min(stem.length(), LONGEST_STEM)).replaceAll("-+$", "");
        return (cut.isEmpty() ? "device" : cut) + "-" + hash(device.id());
    }

    private static String hash(String id) {
        return DigestUtils.sha256Hex(id).substring(0, 10);
    }

    /**
     * Creates and removes as planned, several at once: a first import can be thousands. One that fails keeps no other from
     * its turn.
     *
     * @param view that the plan was made on. When the Tailnet is connected elsewhere meanwhile, the rest is left: a device of the same
     *     id may be another there, and a node that is gone here is not gone there
     * @return what went wrong, by device or node
     */
    List<String> perform(Tailnet tailnet, TailnetView view, ImportPlan plan) {
        try (var workers =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var creations = plan.create().stream()
                    .map(adoption ->
                            attempt(view, "device " + adoption.device().id(), () -> create(tailnet, adoption)));
            var removals = plan.remove().stream()
                    .map(node ->
                            attempt(view, "TailnetNode " + node.getMetadata().getName(), () -> remove(node)));
            return Stream.concat(creations, removals)
                    .map(work -> CompletableFuture.supplyAsync(work, workers))
                    .toList()
                    .stream()
                    .flatMap(done -> done.join().stream())
                    .toList();
        }
    }

    private static Supplier<Optional<String>> attempt(TailnetView view, String what, Runnable work) {
        return () -> {
            if (view.isOutdated()) {
                return Optional.empty();
            }
            try {
                work.run();
                return Optional.empty();
            } catch (KubernetesClientException | IllegalArgumentException e) {
                return Optional.of(what + ": " + e.getMessage());
            }
        };
    }
}
