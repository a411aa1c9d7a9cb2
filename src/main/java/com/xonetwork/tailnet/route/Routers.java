package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.RouteVia;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks up the nodes that routes lead through, with their devices.
 *
 * @param forwardingOff whether the control plane reported of a device, not long ago, that it does not forward packets
 */
public record Routers(
        IndexedResourceCache<TailnetNode> nodes,
        TailnetKey tailnet,
        TailnetView view,
        RouteIntents intents,
        Predicate<Device> forwardingOff) {

    /** By name of the TailnetNode. */
    public Router named(String name) {
        return nodes.get(new ResourceID(name, tailnet.namespace()))
                .filter(node -> NodeIndex.tailnetOf(node).equals(tailnet))
                .map(this::of)
                .orElseGet(() -> new Router(name, false, null, intents.of(name, Map.of()), false));
    }

    /** All that are meant, by name. */
    List<Router> meantBy(RouteVia via) {
        return via.selector() == null
                ? via.nodes().stream().distinct().sorted().map(this::named).toList()
                : NodeIndex.ofTailnet(nodes, tailnet).stream()
                        .filter(node -> via.means(
                                node.getMetadata().getName(), node.getMetadata().getLabels()))
                        .map(this::of)
                        .sorted(Comparator.comparing(Router::node))
                        .toList();
    }

    private Router of(TailnetNode node) {
        var metadata = node.getMetadata();
        var device = Optional.ofNullable(view.devices()).flatMap(devices -> NodeIndex.deviceOf(nodes, node, devices));
        return new Router(
                metadata.getName(),
                true,
                device.orElse(null),
                intents.of(metadata.getName(), metadata.getLabels()),
                device.filter(forwardingOff).isPresent());
    }
}
