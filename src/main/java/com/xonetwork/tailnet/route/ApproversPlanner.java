package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.policy.PolicyContribution;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the tags by which a policy can approve routes by itself. An approver is a tag and not a device, so only a tag whose
 * every carrier is meant to be a router of a route approves it: any other would let a machine approve itself that nobody
 * named. Routes without such a tag are approved through the API alone.
 */
@Pure
public final class ApproversPlanner {

    private static final PolicyContribution DEVICES_UNKNOWN = PolicyContribution.unknown(
            AutoApproverContribution.ORIGIN,
            "the auto-approvers of SubnetRoutes and ExitNodes depend on the devices' tags, and the devices are not known");

    private ApproversPlanner() {}

    /** What SubnetRoutes and ExitNodes add to the policy file. @param claims which device is which node's */
    public static PolicyContribution contribution(RouteIntents intents, TailnetView view, Claims claims) {
        if (intents.areNone()) {
            return AutoApproverContribution.NONE;
        }
        return view.usableDevices()
                .<PolicyContribution>map(devices -> {
                    var managed = new HashMap<Device, TailnetNode>();
                    devices.devices().stream()
                            .filter(device -> !device.external())
                            .forEach(device -> claims.holder(device).ifPresent(node -> managed.put(device, node)));
                    return plan(intents, managed, devices.devices());
                })
                .orElse(DEVICES_UNKNOWN);
    }

    /** @param managed devices of TailnetNodes, each with its node */
    static AutoApproverContribution plan(
            RouteIntents intents, Map<Device, TailnetNode> managed, Iterable<Device> devices) {
        var carriers = new HashMap<String, Set<String>>();
        for (var device : devices) {
            device.tags()
                    .forEach(tag -> carriers.computeIfAbsent(tag, unused -> new TreeSet<>())
                            .add(device.id()));
        }
        var routers = new TreeMap<String, Set<String>>();
        managed.forEach((device, node) -> intents.of(
                        node.getMetadata().getName(), node.getMetadata().getLabels())
                .approved()
                .forEach(cidr ->
                        routers.computeIfAbsent(cidr, unused -> new TreeSet<>()).add(device.id())));
        var routes = new TreeMap<String, SortedSet<String>>();
        SortedSet<String> exitNode = Collections.emptySortedSet();
        for (var entry : routers.entrySet()) {
            var tags = carriers.entrySet().stream()
                    .filter(tag -> entry.getValue().containsAll(tag.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (RouteIntents.EXIT_ROUTES.contains(entry.getKey())) {
                exitNode = tags;
            } else if (!tags.isEmpty()) {
                routes.put(entry.getKey(), tags);
            }
        }
        return new AutoApproverContribution(routes, exitNode);
    }
}
