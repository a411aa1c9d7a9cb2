package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down as a status what came of a plan. */
@Pure
final class NodeStatuses {

    private NodeStatuses() {}

    static TailnetNodeStatus of(TailnetNode node, NodeOutcome outcome, Instant now) {
        var previous = node.getStatus();
        var status = seen(node, outcome, now);
        return previous == null ? status : status.saying(previous.machineDeviceId(), former(previous, outcome));
    }

    /** Kept for as long as that device may be there. */
    private static @Nullable String former(TailnetNodeStatus previous, NodeOutcome outcome) {
        var former = previous.formerDeviceId();
        var devices = outcome.devices().view().usableDevices();
        return devices.isPresent()
                        && former != null
                        && devices.get().byId(former).isEmpty()
                ? null
                : former;
    }

    private static TailnetNodeStatus seen(TailnetNode node, NodeOutcome outcome, Instant now) {
        var previous = node.getStatus();
        var generation = node.getMetadata().getGeneration();
        var facts = Conditions.summarize(outcome.facts(), "the device is as wanted and online");
        var conditions = Conditions.merge(previous == null ? List.of() : previous.conditions(), facts, generation, now);
        if (previous != null && isUnknown(outcome)) {
            // What is not known now is not gone: the conditions say so, and what was last seen stays to be read.
            return new TailnetNodeStatus(
                    generation,
                    conditions,
                    previous.deviceId(),
                    previous.name(),
                    previous.address(),
                    previous.addresses(),
                    previous.os(),
                    previous.keyExpires(),
                    previous.keyExpiresWithin(),
                    previous.deviceTags(),
                    previous.tags(),
                    previous.classes(),
                    outcome.key().status() == null
                            ? previous.join()
                            : outcome.key().status());
        }
        var device = Optional.ofNullable(outcome.devices().device());
        return new TailnetNodeStatus(
                generation,
                conditions,
                device.map(Device::id).orElse(null),
                device.map(Device::name).orElse(null),
                device.flatMap(Device::address).orElse(null),
                device.map(Device::addresses).orElse(List.of()),
                device.map(Device::os).filter(os -> !os.isEmpty()).orElse(null),
                device.filter(found -> !found.keyExpiryDisabled())
                        .flatMap(Device::expiry)
                        .map(Instant::toString)
                        .orElse(null),
                device.flatMap(found -> KeyValidity.of(found, now).notice())
                        .map(KeyValidity.Notice::toString)
                        .orElse(null),
                device.map(found -> List.copyOf(found.tags())).orElse(List.of()),
                outcome.devices().tags(),
                outcome.devices().classes(),
                outcome.key().status());
    }

    private static boolean isUnknown(NodeOutcome outcome) {
        return Condition.UNKNOWN.equals(outcome.devices().joined().status());
    }
}
