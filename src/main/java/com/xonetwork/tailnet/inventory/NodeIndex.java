package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds TailnetNodes by what they stand for, without walking through all of them. */
public final class NodeIndex {

    /** Name of the index to register on the cache. */
    public static final String NAME = "stands-for";
    /** Name of the index by the classes that a node's status names. */
    public static final String BY_CLASS = "by-class";

    /** User-written before imported, then the older, then by name: the same answer whoever asks. */
    private static final Comparator<TailnetNode> PRECEDENCE =
            Comparator.comparing(NodeIndex::isImported).thenComparing(Age.OLDEST_FIRST);

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

    /** One key for each NodeClass that the node reports to be of. */
    public static List<String> classKeys(TailnetNode node) {
        return classesOf(node).stream()
                .map(name -> classKey(node.getMetadata().getNamespace(), name))
                .toList();
    }

    public static String classKey(String namespace, String nodeClass) {
        return namespace + "/" + nodeClass;
    }

    public static List<String> classesOf(TailnetNode node) {
        return node.getStatus() == null ? List.of() : node.getStatus().classes();
    }

    public static TailnetKey tailnetOf(TailnetNode node) {
        return TailnetKey.named(node, node.getSpec().tailnetRef().name());
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

    /** The same, of nodes that were looked up before. */
    public static List<TailnetNode> of(Collection<TailnetNode> nodes, Device device) {
        return nodes.stream()
                .filter(node -> couldMean(node.getSpec(), device))
                .sorted(PRECEDENCE)
                .toList();
    }

    private static boolean couldMean(TailnetNodeSpec spec, Device device) {
        var id = spec.deviceId();
        var hostname = spec.hostname();
        return id != null
                ? id.equals(device.id()) || id.equals(device.legacyId())
                : hostname != null
                        && (hostname.equalsIgnoreCase(device.name()) || hostname.equalsIgnoreCase(device.hostname()));
    }

    /**
     * The nodes that stand for a device, the rightful one first. A host name that several devices answer to stands for none
     * of them, but for the one that the node's own machine said it is: a machine that renames itself must not take over
     * another's node.
     */
    public static List<TailnetNode> claimants(
            IndexedResourceCache<TailnetNode> cache, TailnetKey tailnet, Device device, DeviceList devices) {
        return standing(of(cache, tailnet, device), device, devices);
    }

    /** @param nodes that the device could stand for, the rightful one first */
    private static List<TailnetNode> standing(List<TailnetNode> nodes, Device device, DeviceList devices) {
        return nodes.stream()
                .filter(node -> node.getSpec().deviceId() != null || isOnly(device, candidates(node, devices)))
                .toList();
    }

    /** The same, of nodes that were looked up before. */
    public static List<TailnetNode> claimants(Collection<TailnetNode> nodes, Device device, DeviceList devices) {
        return standing(of(nodes, device), device, devices);
    }

    private static boolean isOnly(Device device, List<Device> candidates) {
        return candidates.size() == 1 && candidates.getFirst().id().equals(device.id());
    }

    static void sort(List<TailnetNode> claimants) {
        claimants.sort(PRECEDENCE);
    }

    /**
     * The devices that a node can mean: none yet, or several of one host name, are no single one. Of several it is the one that the
     * node's machine said it is, as after the machine was installed anew. A device that was renamed because its machine became
     * another one ({@link FormerName}) is not meant any more, also when it is the only one that calls itself so.
     */
    public static List<Device> candidates(TailnetNode node, DeviceList devices) {
        var spec = node.getSpec();
        if (spec.deviceId() != null) {
            return devices.byId(spec.deviceId()).filter(device -> !device.external()).stream()
                    .toList();
        }
        var called = called(node, Objects.requireNonNull(spec.hostname()), devices);
        var told = called.size() > 1
                ? called.stream().filter(device -> isTold(node, device)).toList()
                : List.<Device>of();
        return told.size() == 1 ? told : called;
    }

    private static List<Device> called(TailnetNode node, String hostname, DeviceList devices) {
        return devices.called(hostname).stream()
                .filter(device -> !isFormer(node, device))
                .toList();
    }

    /**
     * Whether a node's machine was this device, and is another one by now, so that the device was renamed. The node means it no more
     * by its host name, unless the machine says that it is this one again: its old disk is back, for example.
     */
    public static boolean isFormer(TailnetNode node, Device device) {
        var spec = node.getSpec();
        return spec.deviceId() == null
                && device.hostname().equalsIgnoreCase(spec.hostname())
                && FormerName.isOn(device)
                && !(device.connected() && isTold(node, device));
    }

    /** Whether the node's machine, which the operator reached by SSH, said that it is this device. */
    public static boolean isTold(TailnetNode node, Device device) {
        var told = node.getStatus() == null ? null : node.getStatus().machineDeviceId();
        return told != null && (told.equals(device.id()) || told.equals(device.legacyId()));
    }

    /** The device that a node stands for; empty when there is none, several, or one that is rightfully another node's. */
    public static Optional<Device> deviceOf(
            IndexedResourceCache<TailnetNode> cache, TailnetNode node, DeviceList devices) {
        var candidates = candidates(node, devices);
        return candidates.size() != 1
                ? Optional.empty()
                : Optional.of(candidates.getFirst())
                        .filter(device -> claimants(cache, tailnetOf(node), device, devices).stream()
                                .findFirst()
                                .filter(first -> first.getMetadata()
                                        .getName()
                                        .equals(node.getMetadata().getName()))
                                .isPresent());
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
