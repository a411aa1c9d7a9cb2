package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.FormerName;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.node.DeviceAction.PutAside;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.DeviceList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The device that a node's machine was before it was installed anew. It keeps the node's name in the tailnet, so that the machine's new
 * device cannot have it. Decides whether the operator may take the name from it.
 *
 * <p>It is renamed and never deleted, whatever the node's deletionPolicy says: that the machine is another device by now is the word of the
 * machine, and a wrong name can be put right. Its tags and approved routes stay too. A device that is not connected carries no traffic:
 * of several routers for one network the control planes take one that is.
 *
 * <p>All of this must hold, and what does not is told to a human, who can do the same in the tailnet:
 *
 * <ul>
 *   <li>It was the node's device, as the operator saw it, and the machine said so too. Both stood in the node's status when the machine
 *       first said otherwise ({@link #recorded}). The operator writes
 *       the status. The chart's roles let nobody else write it.
 *   <li>The machine says that it is the node's device now: in a run that the operator made, over SSH with the host key that it knows.
 *   <li>The control plane says that it was last seen before the new device joined, and that this one is online.
 *   <li>It has the node's name, calls itself so, and is the tailnet's own and no ephemeral device.
 *   <li>No other TailnetNode that somebody wrote could mean it.
 * </ul>
 *
 * <p>So a machine that lies can have no device renamed but one that the operator took for the machine's own, and that has been offline
 * since before the machine's new device joined. Who may write TailnetNodes gains nothing by it: they can rename any such device by
 * spec.deviceId.
 *
 * @param device that the machine was before
 * @param hindrance why the operator must not rename it, as the end of a sentence about it; null when it may
 */
@Pure
record FormerDevice(
        String hostname, Device device, @Nullable String hindrance) {

    /** A thing that must not be, and how that reads. */
    private record Guard(BooleanSupplier isBroken, String hindrance) {}

    /**
     * What a status is to keep as the device that the machine was before, when the machine says that it is another one.
     *
     * @param before what the status says until then
     */
    static @Nullable String recorded(TailnetNodeStatus before, String saidNow) {
        var wasSaid = before.machineDeviceId();
        return wasSaid != null && wasSaid.equals(before.deviceId()) && !wasSaid.equals(saidNow)
                ? wasSaid
                : before.formerDeviceId();
    }

    /**
     * @param now the node's device
     * @return empty when none is known, or it is gone
     */
    static Optional<FormerDevice> of(NodeInput input, Device now, DeviceList devices) {
        var node = input.node();
        var hostname = node.getSpec().hostname();
        var former = node.getStatus() == null ? null : node.getStatus().formerDeviceId();
        if (former == null || hostname == null || node.getSpec().ssh() == null) {
            return Optional.empty();
        }
        return devices.byId(former)
                .filter(device -> device.id().equals(former) && !device.id().equals(now.id()))
                .map(device -> new FormerDevice(hostname, device, hindrance(input, hostname, device, now)));
    }

    private static @Nullable String hindrance(NodeInput input, String hostname, Device former, Device now) {
        var others = input.neighbours().others(input.node(), former);
        return List.of(
                        new Guard(
                                () -> !NodeIndex.isTold(input.node(), now),
                                "the machine has not reported that it is device " + now.id()),
                        new Guard(former::external, "device " + former.id() + " belongs to another tailnet"),
                        new Guard(
                                former::ephemeral,
                                "device " + former.id() + " is ephemeral, so the control plane removes it"),
                        new Guard(
                                () -> !former.hostname().equalsIgnoreCase(hostname),
                                "the machine of device " + former.id() + " has the host name " + former.hostname()),
                        new Guard(former::connected, "device " + former.id() + " is connected"),
                        new Guard(
                                () -> former.lastSeen() == null || now.created() == null,
                                "the control plane does not report when device " + former.id()
                                        + " was last seen and when device " + now.id() + " joined"),
                        new Guard(
                                () -> Objects.requireNonNull(former.lastSeen())
                                        .isAfter(Objects.requireNonNull(now.created())),
                                "device " + former.id() + " was connected after device " + now.id() + " had joined"),
                        new Guard(() -> !now.online(input.now()), "device " + now.id() + " is not online"),
                        new Guard(
                                () -> !others.isEmpty(),
                                "TailnetNode " + String.join(", ", others) + " also matches device " + former.id()),
                        new Guard(
                                () -> FormerName.of(hostname, former.id()).isEmpty(),
                                "the ID " + former.id() + " cannot be part of a DNS name"))
                .stream()
                .filter(guard -> guard.isBroken().getAsBoolean())
                .findFirst()
                .map(Guard::hindrance)
                .orElse(null);
    }

    /** Whether it has the name that is the node's. */
    private boolean isInTheWay() {
        return device.name().equals(hostname);
    }

    /** What makes the name free; empty when it is, or must stay as it is. */
    Optional<PutAside> makingWay() {
        return isInTheWay() && hindrance == null
                ? FormerName.of(hostname, device.id()).map(name -> new PutAside(device.id(), name, device.name()))
                : Optional.empty();
    }

    /** Why it keeps the name, as a further sentence of a message; empty when it does not, or will not. */
    Optional<String> notRenamed() {
        return isInTheWay() && hindrance != null
                ? Optional.of(". The machine was device " + device.id()
                        + " before. The operator does not rename device " + device.id() + ", because " + hindrance)
                : Optional.empty();
    }

    /** Its name, once it was renamed. */
    Optional<String> nameThatItHas() {
        return FormerName.isOn(device) ? Optional.of(device.name()) : Optional.empty();
    }
}
