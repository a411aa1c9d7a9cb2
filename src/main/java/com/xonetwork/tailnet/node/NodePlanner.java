package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what a node's device needs. Pure: everything it knows is in the {@link NodeInput}. */
public final class NodePlanner {

    static final String JOINED = "Joined";
    static final String ONLINE = "Online";
    static final String APPROVED = "Approved";
    static final String NAME_IN_SYNC = "NameInSync";
    static final String TAGS_IN_SYNC = "TagsInSync";
    static final String KEY_EXPIRY_IN_SYNC = "KeyExpiryInSync";

    private static final List<String> ALL =
            List.of(JOINED, NAME_IN_SYNC, TAGS_IN_SYNC, APPROVED, KEY_EXPIRY_IN_SYNC, KeyValidity.KEY_VALID, ONLINE);

    private NodePlanner() {}

    public static NodePlan plan(NodeInput input) {
        var tailnetName = input.node().getSpec().tailnetRef().name();
        if (input.tailnet() == null) {
            return allUnknown(
                    Reason.TAILNET_NOT_FOUND,
                    "there is no Tailnet " + tailnetName + " in this namespace: create it, or correct tailnetRef");
        }
        if (input.tailnet().getSpec().suspend()) {
            return allUnknown(Reason.SUSPENDED, "Tailnet " + tailnetName + " is suspended (spec.suspend)");
        }
        return input.view()
                .usableDevices()
                .map(devices -> planWith(input, devices))
                .orElseGet(() -> withoutDevices(input, tailnetName));
    }

    private static NodePlan withoutDevices(NodeInput input, String tailnetName) {
        return switch (input.view().freshness()) {
            case STALE ->
                allUnknown(
                        Reason.SNAPSHOT_STALE,
                        "the device list of Tailnet " + tailnetName
                                + " is too old to decide on; see that Tailnet's conditions");
            case PENDING, NEVER, FRESH ->
                allUnknown(
                        Reason.TAILNET_NOT_READY,
                        "the devices of Tailnet " + tailnetName
                                + " were not listed yet; see that Tailnet's conditions");
        };
    }

    private static NodePlan planWith(NodeInput input, DeviceList devices) {
        var candidates = candidates(input.node().getSpec(), devices);
        if (candidates.isEmpty()) {
            return withoutDevice(no(JOINED, Reason.DEVICE_NOT_FOUND, notFound(input)));
        }
        if (candidates.size() > 1) {
            var ids = candidates.stream().map(Device::id).sorted().collect(Collectors.joining(", "));
            return withoutDevice(no(
                    JOINED,
                    Reason.AMBIGUOUS,
                    candidates.size() + " devices are called "
                            + input.node().getSpec().hostname() + " (ids: " + ids
                            + "); nothing is written. Set spec.deviceId to one of them, or remove the others"));
        }
        var device = candidates.getFirst();
        var claimant = input.claimant().apply(device);
        if (claimant.isPresent()) {
            return withoutDevice(no(
                    JOINED,
                    Reason.DUPLICATE_NODE,
                    "device " + device.id() + " already belongs to TailnetNode " + claimant.get()
                            + "; delete one of the two"));
        }
        return planFor(input, device);
    }

    /** The devices that a node's spec can mean: none yet, or several of one host name, are no single one. */
    static List<Device> candidates(TailnetNodeSpec spec, DeviceList devices) {
        return spec.deviceId() != null
                ? devices.byId(spec.deviceId()).filter(device -> !device.external()).stream()
                        .toList()
                : devices.called(Objects.requireNonNull(spec.hostname()));
    }

    private static String notFound(NodeInput input) {
        var spec = input.node().getSpec();
        return spec.deviceId() != null
                ? "the tailnet has no device with the id " + spec.deviceId()
                : "the tailnet has no device called " + spec.hostname() + "; it is taken up when it joins";
    }

    private static NodePlan planFor(NodeInput input, Device device) {
        var spec = input.node().getSpec();
        var labels = input.node().getMetadata().getLabels();
        var matches = NodeClassMatcher.matches(
                input.classes(), spec.tailnetRef().name(), device, labels == null ? Map.of() : labels);
        var desired = DesiredTags.of(spec, matches);
        var fields = new Fields(input, device);
        var facts = new ArrayList<Fact>();
        facts.add(yes(JOINED, Reason.JOINED, "device " + device.id()));
        facts.add(fields.name(spec.hostname()));
        facts.add(fields.tags(desired));
        facts.add(fields.approval(first(
                spec.approved(), matches, match -> match.nodeClass().getSpec().approved())));
        facts.add(fields.keyExpiry(first(
                spec.keyExpiry(), matches, match -> match.nodeClass().getSpec().keyExpiry())));
        var key = KeyValidity.of(device, input.now());
        facts.add(key.fact());
        facts.add(online(input, device));
        return new NodePlan(
                device,
                fields.actions,
                facts,
                desired.tags(),
                matches.stream().map(NodeClassMatcher.Match::name).toList(),
                null,
                key.lookAgain());
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
                ? yes(ONLINE, Reason.CONNECTED, "connected to the control plane")
                : no(ONLINE, Reason.OFFLINE, "not connected to the control plane");
    }

    private static NodePlan withoutDevice(Fact joined) {
        var facts = new ArrayList<Fact>();
        facts.add(joined);
        ALL.stream()
                .filter(type -> !type.equals(JOINED))
                .forEach(type -> facts.add(
                        type.equals(ONLINE)
                                ? no(type, joined.reason(), joined.message())
                                : unknown(type, joined.reason(), joined.message())));
        return NodePlan.nothing(facts);
    }

    private static NodePlan allUnknown(Reason reason, String message) {
        return NodePlan.nothing(
                ALL.stream().map(type -> unknown(type, reason, message)).toList());
    }

    /** Compares one device field by field, collecting what must be written. */
    private static final class Fields {
        private final NodeInput input;
        private final Device device;
        private final List<DeviceAction> actions = new ArrayList<>();

        Fields(NodeInput input, Device device) {
            this.input = input;
            this.device = device;
        }

        Fact name(@Nullable String wanted) {
            if (wanted == null) {
                return yes(NAME_IN_SYNC, Reason.NOT_MANAGED, "spec.hostname is not set: the name is left alone");
            }
            return field(
                    NAME_IN_SYNC,
                    Capability.DEVICE_NAME,
                    device.name().equals(wanted),
                    "the MagicDNS name is " + wanted,
                    new DeviceAction.SetName(device.id(), wanted, device.name()));
        }

        Fact tags(DesiredTags desired) {
            if (desired.isEmpty()) {
                return yes(
                        TAGS_IN_SYNC,
                        Reason.NOT_MANAGED,
                        "no tags come from the spec or a NodeClass: the device's tags are left alone");
            }
            var wanted = desired.names();
            var inSync = device.tags().equals(wanted);
            var owned = input.ownedTags();
            if (!inSync && owned != null && !owned.containsAll(wanted)) {
                var missing =
                        wanted.stream().filter(tag -> !owned.contains(tag)).collect(Collectors.joining(", "));
                return no(TAGS_IN_SYNC, Reason.TAG_NOT_OWNED, tagNotOwned(missing));
            }
            var action =
                    new DeviceAction.SetTags(device.id(), wanted, device.tags().toString());
            var fact = field(TAGS_IN_SYNC, Capability.DEVICE_TAGS, inSync, "the device carries " + wanted, action);
            if (fact.reason() == Reason.REJECTED) {
                return no(TAGS_IN_SYNC, Reason.TAG_NOT_OWNED, fact.message() + ". " + tagNotOwned(wanted.toString()));
            }
            return fact;
        }

        private static String tagNotOwned(String tags) {
            return "The policy file must give " + tags
                    + " an owner that the operator's credentials may act for: add it to tagOwners in an AclPolicy. Until"
                    + " then none of the node's tags is written";
        }

        Fact approval(@Nullable Boolean wanted) {
            if (!input.view().can(Capability.DEVICE_APPROVAL) && (wanted == null || wanted)) {
                return yes(APPROVED, Reason.APPROVED, "this control plane has no device approval");
            }
            if (wanted == null) {
                return device.authorized()
                        ? yes(APPROVED, Reason.APPROVED, "the device is approved")
                        : no(
                                APPROVED,
                                Reason.WAITING_FOR_APPROVAL,
                                "the device waits for approval: set spec.approved: true here or in a NodeClass, or approve it"
                                        + " in the admin console");
            }
            return field(
                    APPROVED,
                    Capability.DEVICE_APPROVAL,
                    device.authorized() == wanted,
                    wanted ? "the device is approved" : "approval is taken back, as wanted",
                    new DeviceAction.SetApproval(
                            device.id(), wanted, device.authorized() ? "approved" : "not approved"));
        }

        Fact keyExpiry(@Nullable KeyExpiry wanted) {
            if (wanted == null) {
                return yes(KEY_EXPIRY_IN_SYNC, Reason.NOT_MANAGED, "nobody says: the key expiry is left alone");
            }
            var disable = wanted == KeyExpiry.DISABLED;
            return field(
                    KEY_EXPIRY_IN_SYNC,
                    disable ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE,
                    device.keyExpiryDisabled() == disable,
                    disable ? "the node key does not expire" : "the node key expires",
                    new DeviceAction.SetKeyExpiry(
                            device.id(), disable, device.keyExpiryDisabled() ? "disabled" : "enabled"));
        }

        private Fact field(
                String type, Capability capability, boolean inSync, String inSyncMessage, DeviceAction action) {
            if (inSync) {
                return yes(type, Reason.IN_SYNC, inSyncMessage);
            }
            var difference = "wanted " + action.wanted() + ", the device has " + action.found();
            if (!input.view().can(capability)) {
                return no(
                        type,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                        "this control plane lacks " + capability + ": " + difference);
            }
            var failure = input.failures().get(Attempt.of(action));
            if (failure == null) {
                actions.add(action);
                return no(type, Reason.PROGRESSING, difference);
            }
            return no(type, Failures.reason(failure), Failures.message(failure) + " (" + difference + ")");
        }
    }
}
