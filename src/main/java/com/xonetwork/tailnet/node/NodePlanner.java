package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.JOINED;
import static com.xonetwork.tailnet.status.ConditionType.ONLINE;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.FormerName;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.machine.Preferences;
import com.xonetwork.tailnet.machine.PreferencesPlanner;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what a node's device needs. Everything it knows is in the {@link NodeInput}. */
@Pure
final class NodePlanner {

    private static final List<ConditionType> ALL = ConditionType.factsOf(TailnetNode.class);
    private static final List<ConditionType> BESIDE_JOINED = ConditionType.factsBeside(JOINED, TailnetNode.class);

    private NodePlanner() {}

    /** Decides all stages, in their order; once for each reconciliation. */
    static NodePlan plan(NodeInput input) {
        return new NodePlan(input, compare(input));
    }

    /** How the node's device compares with what is wanted of it. */
    static DevicePlan compare(NodeInput input) {
        var plan = Standing.inTheWay(input.node().getSpec().tailnetRef().name(), input.tailnet(), input.view())
                .map(inTheWay -> allUnknown(input, inTheWay.reason(), inTheWay.message()))
                .orElseGet(() -> compareWith(input, input.view().usableDevices().orElseThrow()));
        return input.remembered().held().left().map(plan::lookingAgain).orElse(plan);
    }

    private static DevicePlan compareWith(NodeInput input, DeviceList devices) {
        var candidates = NodeIndex.candidates(input.node(), devices);
        if (candidates.isEmpty()) {
            return withoutDevice(
                    input,
                    no(JOINED, Reason.DEVICE_NOT_FOUND, notFound(input, devices)),
                    preferences(input, List.of(), wanted(input), null));
        }
        if (candidates.size() > 1) {
            return withoutDevice(input, no(JOINED, Reason.AMBIGUOUS, ambiguous(input, candidates)));
        }
        var device = candidates.getFirst();
        var claimant = input.neighbours().claimant(input.node(), device, devices);
        if (claimant.isPresent()) {
            return withoutDevice(
                    input,
                    no(
                            JOINED,
                            Reason.DUPLICATE_NODE,
                            "device " + device.id() + " belongs to TailnetNode " + claimant.get()
                                    + ", so this TailnetNode has no device. Delete one of the two"));
        }
        var former = FormerDevice.of(input, device, devices);
        return compareOne(input, device, joined(input, device, devices, former), former);
    }

    private static Fact joined(NodeInput input, Device device, DeviceList devices, Optional<FormerDevice> former) {
        var spec = input.node().getSpec();
        var called = spec.deviceId() != null || spec.hostname() == null
                ? Map.<Boolean, String>of()
                : devices.called(spec.hostname()).stream()
                        .filter(other -> !other.id().equals(device.id()))
                        .sorted(Comparator.comparing(Device::id))
                        .collect(Collectors.partitioningBy(
                                FormerName::isOn, Collectors.mapping(Device::id, Collectors.joining(", "))));
        var others = called.getOrDefault(false, "");
        var renamed = called.getOrDefault(true, "");
        return yes(
                JOINED,
                Reason.JOINED,
                "device " + device.id()
                        + (others.isEmpty()
                                ? ""
                                : ". The machine reported that it is this device. Other devices have the host name "
                                        + spec.hostname() + " too (ids: " + others
                                        + "). Remove from the tailnet those that nobody uses")
                        + former.flatMap(FormerDevice::notRenamed).orElse("")
                        + (renamed.isEmpty()
                                ? ""
                                : ". The machine was reinstalled. Its former devices were renamed"
                                        + " (ids: " + renamed
                                        + "). They stay in the tailnet, with their tags and approved"
                                        + " routes: remove them if nobody needs them"));
    }

    /** A node that joins by the operator cannot name a device: which one is its own is known when there is but one. */
    private static String ambiguous(NodeInput input, List<Device> candidates) {
        var ids = candidates.stream().map(Device::id).sorted().collect(Collectors.joining(", "));
        return candidates.size() + " devices are called "
                + input.node().getSpec().hostname() + " (ids: " + ids
                + "), so the operator cannot determine this node's device. It changes and heals none of them. "
                + (input.node().getSpec().join() == null
                        ? "Set spec.deviceId to one of them, or remove the others"
                        : "Remove the others from the tailnet, or give them another name there");
    }

    private static String notFound(NodeInput input, DeviceList devices) {
        var spec = input.node().getSpec();
        if (spec.deviceId() != null || spec.hostname() == null) {
            return "the tailnet has no device with the id " + spec.deviceId();
        }
        var renamed = devices.called(spec.hostname()).stream()
                .filter(FormerName::isOn)
                .map(Device::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return "the tailnet has no device called " + spec.hostname()
                + (renamed.isEmpty() ? "" : " except " + renamed + ", the former device of the reinstalled machine")
                + "; the operator adopts it when it joins";
    }

    private static DevicePlan compareOne(NodeInput input, Device device, Fact joined, Optional<FormerDevice> former) {
        var spec = input.node().getSpec();
        var labels = input.node().getMetadata().getLabels();
        var matches = NodeClassMatcher.matches(
                input.classes(), spec.tailnetRef().name(), device, labels == null ? Map.of() : labels);
        var desired = DesiredTags.of(spec, matches);
        var wanted = wanted(input);
        var fields = new DeviceFields(input, device);
        var facts = new ArrayList<Fact>();
        facts.add(joined);
        facts.add(fields.name(spec.hostname(), former));
        facts.add(fields.tags(desired));
        facts.add(fields.approval(first(
                spec.approved(), matches, match -> match.nodeClass().getSpec().approved())));
        facts.add(fields.routes(wanted));
        facts.add(fields.keyExpiry(first(
                spec.keyExpiry(), matches, match -> match.nodeClass().getSpec().keyExpiry())));
        var key = KeyValidity.of(device, input.now());
        facts.add(key.fact());
        facts.add(online(input, device));
        return new DevicePlan(
                device,
                fields.actions(),
                fields.withheld(),
                fields.contested(),
                fields.settled(),
                facts,
                desired.tags(),
                matches.stream().map(NodeClassMatcher.Match::name).toList(),
                preferences(input, matches, wanted, device),
                key.lookAgain(),
                input.view());
    }

    /** The node's own word, else that of the first class that has one. */
    private static <T> @Nullable T first(
            @Nullable T own,
            List<NodeClassMatcher.Match> matches,
            Function<NodeClassMatcher.Match, @Nullable T> setting) {
        return own != null
                ? own
                : matches.stream()
                        .flatMap(match -> Stream.ofNullable(setting.apply(match)))
                        .findFirst()
                        .orElse(null);
    }

    private static Fact online(NodeInput input, Device device) {
        if (device.keyExpired(input.now())) {
            // Services go on showing an expired device as connected; it cannot carry traffic.
            return no(
                    ONLINE,
                    Reason.KEY_EXPIRED,
                    KeyValidity.expired(device.expiry().orElseThrow()));
        }
        return device.connected()
                ? yes(ONLINE, Reason.CONNECTED, "the device is connected to the control plane")
                : no(
                        ONLINE,
                        Reason.OFFLINE,
                        "the device is not connected to the control plane. Check the machine, and tailscaled on it");
    }

    private static RouteIntents.Wanted wanted(NodeInput input) {
        var metadata = input.node().getMetadata();
        return input.routes().of(metadata.getName(), metadata.getLabels());
    }

    private static @Nullable Preferences preferences(
            NodeInput input,
            List<NodeClassMatcher.Match> matches,
            RouteIntents.Wanted wanted,
            @Nullable Device device) {
        var tailnet = input.tailnet();
        return PreferencesPlanner.plan(
                        input.node(),
                        matches,
                        wanted,
                        device,
                        tailnet == null || tailnet.getSpec().routes().unmanaged() == UnmanagedRoutes.KEEP,
                        input::exit)
                .orElse(null);
    }

    private static DevicePlan withoutDevice(NodeInput input, Fact joined) {
        return withoutDevice(input, joined, null);
    }

    private static DevicePlan withoutDevice(NodeInput input, Fact joined, @Nullable Preferences preferences) {
        var facts = new ArrayList<Fact>();
        facts.add(joined);
        BESIDE_JOINED.forEach(type -> facts.add(
                // Only of a device that is not there it is known that it is not online.
                type == ONLINE && joined.reason() == Reason.DEVICE_NOT_FOUND
                        ? no(type, joined.reason(), joined.message())
                        : unknown(type, joined.reason(), joined.message())));
        return DevicePlan.nothing(facts, preferences, input.view());
    }

    private static DevicePlan allUnknown(NodeInput input, Reason reason, String message) {
        return DevicePlan.nothing(
                ALL.stream().map(type -> unknown(type, reason, message)).toList(), null, input.view());
    }
}
