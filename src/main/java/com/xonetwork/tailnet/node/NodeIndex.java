package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds TailnetNodes by what they stand for, without walking through all of them. */
public final class NodeIndex {

    /** Name of the index to register on the cache. */
    public static final String NAME = "stands-for";

    /** User-written before imported, then the older, then by name: the same answer whoever asks. */
    private static final Comparator<TailnetNode> PRECEDENCE = Comparator.comparing(NodeIndex::isImported)
            .thenComparing(node -> String.valueOf(node.getMetadata().getCreationTimestamp()))
            .thenComparing(node -> node.getMetadata().getName());

    private NodeIndex() {}

    /** The keys of one node: its tailnet, and what it calls its device. */
    public static List<String> keys(TailnetNode node) {
        var tailnet = tailnetOf(node);
        var keys = new ArrayList<String>();
        keys.add(ofTailnet(tailnet));
        var spec = node.getSpec();
        if (spec.deviceId() != null) {
            keys.add(ofId(tailnet, spec.deviceId()));
        } else if (spec.hostname() != null) {
            keys.add(ofName(tailnet, spec.hostname()));
        }
        return keys;
    }

    public static TailnetKey tailnetOf(TailnetNode node) {
        return new TailnetKey(
                node.getMetadata().getNamespace(), node.getSpec().tailnetRef().name());
    }

    public static boolean isImported(TailnetNode node) {
        var labels = node.getMetadata().getLabels();
        return labels != null && "true".equals(labels.get(ApiGroup.IMPORTED_LABEL));
    }

    /** All nodes of a tailnet. */
    public static List<TailnetNode> ofTailnet(IndexedResourceCache<TailnetNode> cache, TailnetKey tailnet) {
        return cache.byIndex(NAME, ofTailnet(tailnet));
    }

    /** The nodes that a device could stand for, whatever other devices there are. */
    public static List<TailnetNode> of(IndexedResourceCache<TailnetNode> cache, TailnetKey tailnet, Device device) {
        Map<String, TailnetNode> found = new LinkedHashMap<>();
        Stream.of(
                        Optional.of(ofId(tailnet, device.id())),
                        Optional.ofNullable(device.legacyId()).map(id -> ofId(tailnet, id)),
                        Optional.of(ofName(tailnet, device.name())),
                        Optional.of(ofName(tailnet, device.hostname())))
                .flatMap(Optional::stream)
                .flatMap(key -> cache.byIndex(NAME, key).stream())
                .forEach(node -> found.put(node.getMetadata().getName(), node));
        return found.values().stream().sorted(PRECEDENCE).toList();
    }

    /**
     * The nodes that stand for a device, the rightful one first. A host name that several devices answer to stands for none
     * of them: a machine that renames itself must not take over another's node.
     */
    public static List<TailnetNode> claimants(
            IndexedResourceCache<TailnetNode> cache, TailnetKey tailnet, Device device, DeviceList devices) {
        return of(cache, tailnet, device).stream()
                .filter(node -> {
                    var hostname = node.getSpec().hostname();
                    return node.getSpec().deviceId() != null
                            || (hostname != null && devices.called(hostname).size() == 1);
                })
                .toList();
    }

    private static String ofTailnet(TailnetKey tailnet) {
        return tailnet.toString();
    }

    private static String ofId(TailnetKey tailnet, String id) {
        return tailnet + "/id:" + id;
    }

    private static String ofName(TailnetKey tailnet, String name) {
        return tailnet + "/name:" + name.toLowerCase(Locale.ROOT);
    }
}
