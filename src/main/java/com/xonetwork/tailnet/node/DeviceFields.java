package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.yes;
import static java.util.Objects.requireNonNull;

import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.policy.TailnetSyntax;
import com.xonetwork.tailnet.route.Network;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares one device field by field, collecting what must be written. A difference is written, or it is told why not: the
 * control plane cannot, mode is Observe, it was refused not long ago, or somebody else keeps changing it back.
 */
final class DeviceFields {
    private final NodeInput input;
    private final Device device;
    private final Mode mode;
    private final List<DeviceAction> actions = new ArrayList<>();
    private final List<DeviceAction> withheld = new ArrayList<>();
    private final Set<DeviceAction.Field> contested = EnumSet.noneOf(DeviceAction.Field.class);
    private final Map<DeviceAction.Field, String> settled = new EnumMap<>(DeviceAction.Field.class);

    DeviceFields(NodeInput input, Device device) {
        this.input = input;
        this.device = device;
        var own = input.node().getSpec().mode();
        this.mode =
                own != null ? own : requireNonNull(input.tailnet()).getSpec().mode();
    }

    /** What to write now. */
    List<DeviceAction> actions() {
        return actions;
    }

    /** What would be written if mode were Enforce. */
    List<DeviceAction> withheld() {
        return withheld;
    }

    /** What is not written because somebody else keeps undoing it. */
    Set<DeviceAction.Field> contested() {
        return contested;
    }

    /** What is as wanted, by the wanted value. */
    Map<DeviceAction.Field, String> settled() {
        return settled;
    }

    /** @param former the device that the machine was before; empty when that is not known, or it is gone */
    Fact name(@Nullable String wanted, Optional<FormerDevice> former) {
        if (wanted == null) {
            return yes(
                    ConditionType.NAME_IN_SYNC,
                    Reason.NOT_MANAGED,
                    "spec.hostname is not set; the name is not managed");
        }
        var own = new DeviceAction.SetName(device.id(), wanted, device.name());
        former.flatMap(FormerDevice::nameThatItHas)
                .ifPresent(name -> settled.put(DeviceAction.Field.FORMER_NAME, name));
        var makesWay = former.flatMap(FormerDevice::makingWay);
        if (makesWay.isPresent() && !device.name().equals(wanted)) {
            return afterwards(makesWay.get(), own);
        }
        return field(
                ConditionType.NAME_IN_SYNC,
                Capability.DEVICE_NAME,
                device.name().equals(wanted),
                "the MagicDNS name is " + wanted,
                own);
    }

    /** The name is written when the other device has given it up, and not asked for in vain before. */
    private Fact afterwards(DeviceAction.PutAside makesWay, DeviceAction.SetName own) {
        var fact = field(ConditionType.NAME_IN_SYNC, Capability.DEVICE_NAME, false, "", makesWay);
        if (actions.contains(makesWay)) {
            actions.add(own);
        }
        return no(
                ConditionType.NAME_IN_SYNC,
                fact.reason(),
                "wanted " + own.wanted() + ", the device has " + own.found() + ". Device " + makesWay.deviceId()
                        + ", which this machine was before, still has the name. Renaming device " + makesWay.deviceId()
                        + ": "
                        + fact.message());
    }

    Fact tags(DesiredTags desired) {
        if (desired.isEmpty()) {
            return yes(
                    ConditionType.TAGS_IN_SYNC,
                    Reason.NOT_MANAGED,
                    "neither this node nor a NodeClass sets tags; the device's tags are not managed");
        }
        // Nobody can ask for what a spec cannot hold, so nobody can have it written back: it is never taken away.
        var kept = device.tags().stream()
                .filter(tag -> !TailnetNodeSpec.canHold(tag))
                .collect(Collectors.toCollection(TreeSet::new));
        var wanted = desired.names();
        wanted.addAll(kept);
        var inSync = device.tags().equals(wanted);
        var unfit = desired.unfit(TailnetSyntax.of(
                requireNonNull(input.tailnet()).getSpec(), input.view().capabilities()));
        if (!inSync && unfit.isPresent()) {
            return no(
                    ConditionType.TAGS_IN_SYNC,
                    Reason.INVALID,
                    unfit.get() + ". Until then none of the node's tags is written");
        }
        var owned = input.ownedTags();
        if (!inSync && owned != null && !owned.containsAll(desired.names())) {
            var missing =
                    desired.names().stream().filter(tag -> !owned.contains(tag)).collect(Collectors.joining(", "));
            return no(ConditionType.TAGS_IN_SYNC, Reason.TAG_NOT_OWNED, tagNotOwned(missing));
        }
        var action = new DeviceAction.SetTags(device.id(), wanted, DeviceAction.text(device.tags()));
        var fact = field(
                ConditionType.TAGS_IN_SYNC,
                Capability.DEVICE_TAGS,
                inSync,
                "the device has the tags " + DeviceAction.text(wanted) + keeping(kept),
                action);
        var isForOwners = input.remembered().held().failures().get(Attempt.of(action))
                        instanceof ControlPlaneException.Rejected refused
                && refused.isForTagOwners();
        return fact.reason() == Reason.REJECTED && isForOwners
                ? no(ConditionType.TAGS_IN_SYNC, Reason.TAG_NOT_OWNED, fact.message() + ". " + notPermitted(wanted))
                : fact;
    }

    private String notPermitted(SortedSet<String> tags) {
        var owned = input.ownedTags();
        return owned == null || !owned.containsAll(tags)
                ? tagNotOwned(DeviceAction.text(tags))
                : "All of them have owners in the policy file, but at least one has no owner that the operator's credentials may act"
                        + " for. Add the tag of the operator's OAuth client to its owners in tagOwners. Until then none of the node's"
                        + " tags is written";
    }

    private static String keeping(SortedSet<String> kept) {
        return kept.isEmpty()
                ? ""
                : ". It keeps " + kept
                        + ", which cannot be written in spec.tags. Remove them from the device by hand if nobody needs them";
    }

    private static String tagNotOwned(String tags) {
        return "The policy file must give " + tags
                + " an owner that the operator's credentials may act for: add it to tagOwners in an AclPolicy. Until"
                + " then none of the node's tags is written";
    }

    Fact approval(@Nullable Boolean wanted) {
        // What the control plane says of the device comes before what is known of the control plane.
        if (device.authorized() && !input.view().can(Capability.DEVICE_APPROVAL) && (wanted == null || wanted)) {
            return yes(ConditionType.APPROVED, Reason.APPROVED, "this control plane has no device approval");
        }
        if (wanted == null) {
            return device.authorized()
                    ? yes(ConditionType.APPROVED, Reason.APPROVED, "the device is approved")
                    : no(
                            ConditionType.APPROVED,
                            Reason.WAITING_FOR_APPROVAL,
                            "the device waits for approval: set spec.approved: true here or in a NodeClass, or approve it"
                                    + " in the admin console");
        }
        return field(
                ConditionType.APPROVED,
                Capability.DEVICE_APPROVAL,
                device.authorized() == wanted,
                wanted ? "the device is approved" : "the device is not approved, as wanted",
                new DeviceAction.SetApproval(device.id(), wanted, device.authorized() ? "approved" : "not approved"));
    }

    /** @param said what somebody says about it; null when nobody does */
    Fact keyExpiry(@Nullable KeyExpiry said) {
        var wanted = wouldStayExpired() ? KeyExpiry.DISABLED : said;
        if (wanted == null) {
            return yes(
                    ConditionType.KEY_EXPIRY_IN_SYNC,
                    Reason.NOT_MANAGED,
                    "neither this node nor a NodeClass sets keyExpiry; it is not managed");
        }
        var disable = wanted == KeyExpiry.DISABLED;
        return field(
                ConditionType.KEY_EXPIRY_IN_SYNC,
                disable ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE,
                device.keyExpiryDisabled() == disable,
                disable ? "the node key does not expire" : "the node key expires",
                new DeviceAction.SetKeyExpiry(
                        device.id(), disable, device.keyExpiryDisabled() ? "disabled" : "enabled"));
    }

    /** Whether the login that is under way would be in vain, unless the expiry is switched off first. */
    private boolean wouldStayExpired() {
        return input.machine().logsInAnew()
                && device.keyExpired(input.now())
                && !device.tags().isEmpty()
                && input.view().can(Capability.KEY_EXPIRY_DISABLE)
                && !input.view().can(Capability.LOGIN_RENEWS_TAGGED_DEVICES);
    }

    /**
     * The routes that are approved for the device, written as one list: the services replace it as a whole. What nobody
     * declared stays unless the Tailnet says otherwise.
     */
    Fact routes(RouteIntents.Wanted intents) {
        var tailnet = requireNonNull(input.tailnet());
        var keep = tailnet.getSpec().routes().unmanaged() == UnmanagedRoutes.KEEP;
        var enabled = Network.canonical(device.enabledRoutes());
        var unmanaged = new TreeSet<>(enabled);
        unmanaged.removeAll(intents.approved());
        unmanaged.removeAll(intents.undecided());
        var wanted = new TreeSet<>(enabled);
        wanted.addAll(intents.approved());
        if (!keep) {
            wanted.removeAll(unmanaged);
        }
        if (wanted.equals(enabled) && intents.isNothing()) {
            return yes(
                    ConditionType.ROUTES_APPROVED,
                    Reason.NOT_MANAGED,
                    "no SubnetRoute or ExitNode names this node" + kept(unmanaged));
        }
        return field(
                ConditionType.ROUTES_APPROVED,
                Capability.ROUTES,
                wanted.equals(enabled),
                "approved for " + (wanted.isEmpty() ? "nothing" : String.join(", ", wanted)) + kept(unmanaged),
                new DeviceAction.SetRoutes(device.id(), wanted, DeviceAction.text(enabled)));
    }

    private static String kept(SortedSet<String> unmanaged) {
        return unmanaged.isEmpty()
                ? ""
                : ". Approved, and declared by no SubnetRoute or ExitNode: " + String.join(", ", unmanaged)
                        + ". These routes stay approved, because routes.unmanaged of the Tailnet is Keep";
    }

    private static String contested(DeviceAction action, String rival) {
        var who = rival.isEmpty() ? "somebody else" : rival;
        var field = action.field();
        return who + " keeps changing " + field.words() + " to " + action.found() + ". The operator has set "
                + field.it()
                + " to " + action.wanted() + " " + DriftMemory.REVERSALS + " times within "
                + DriftMemory.WINDOW.toMinutes() + " minutes, and does not write " + field.it()
                + " any more. Have whoever sets " + field.it()
                + " (another operator, a script or a person) set " + field.it() + " back, or change the spec";
    }

    private Fact field(
            ConditionType type, Capability capability, boolean inSync, String inSyncMessage, DeviceAction action) {
        if (inSync) {
            settled.put(action.field(), action.wanted());
            return yes(type, Reason.IN_SYNC, inSyncMessage);
        }
        var difference = "wanted " + action.wanted() + ", the device has " + action.found();
        if (!input.view().can(capability)) {
            return no(
                    type,
                    Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                    "this control plane lacks " + capability + ": " + difference);
        }
        if (mode == Mode.OBSERVE) {
            withheld.add(action);
            return no(type, Reason.DIFFERS, difference + "; mode is Observe, so nothing is changed");
        }
        var rival = input.drift(device.id()).contested().get(Attempt.of(action));
        if (rival != null) {
            contested.add(action.field());
            return no(type, Reason.CONTESTED, contested(action, rival));
        }
        var failure = input.remembered().held().failures().get(Attempt.of(action));
        if (failure == null) {
            actions.add(action);
            return no(
                    type,
                    Reason.PROGRESSING,
                    "the operator is setting " + action.field().words() + " to " + action.wanted() + ". The device has "
                            + action.found());
        }
        return no(type, Failures.reason(failure), Failures.message(failure) + " (" + difference + ")");
    }
}
