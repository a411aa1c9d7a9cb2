package com.xonetwork.tailnet.controlplane;

import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One device list on its way in. It is refused whole as soon as it passes a bound: a part of a list would say that the other
 * devices are gone.
 */
public final class ListIntake implements AutoCloseable {

    /** Of the object itself, its fields and its place in the list's indexes. */
    private static final long BYTES_OF_DEVICE = 400;

    private static final long BYTES_OF_TEXT = 56;

    private final MemoryBudget.Share body;
    private final MemoryBudget.Share devices;
    private final int mostDevices;
    private int count;
    private boolean kept;

    /** @param mostDevices of one tailnet */
    public ListIntake(MemoryBudget budget, String namespace, int mostDevices) {
        this.body = budget.open(namespace);
        this.devices = budget.open(namespace);
        this.mostDevices = mostDevices;
    }

    /** For who has no budget: tests, and tools. */
    public static ListIntake unlimited() {
        return new ListIntake(MemoryBudget.unlimited(), "", Integer.MAX_VALUE);
    }

    /** @return false when there is no room for so many more bytes of the answer */
    public boolean bytes(int more) {
        return body.take(more);
    }

    /** @throws ControlPlaneException.TooLarge when there is no room for one more */
    public void device(Device device) {
        count++;
        if (count > mostDevices) {
            throw new ControlPlaneException.TooLarge("the list has more than " + mostDevices
                    + " devices, which is the most that the operator takes of one tailnet. Raise"
                    + " tailnet-operator.snapshot.max-devices and the memory limit");
        }
        if (!devices.take(weight(device))) {
            throw noRoom();
        }
    }

    /** The list, or what it is read from, does not fit in what is left of the memory for lists. */
    public static ControlPlaneException.TooLarge noRoom() {
        return new ControlPlaneException.TooLarge(
                "the device list does not fit into the memory that lists of this namespace, or of all, may take. Give the operator"
                        + " more memory, or connect fewer or smaller tailnets");
    }

    /** The list is kept: its share is given back by who keeps it. */
    public MemoryBudget.Share keep() {
        kept = true;
        return devices;
    }

    private static long weight(Device device) {
        return BYTES_OF_DEVICE
                + texts(device.id(), device.legacyId(), device.name(), device.hostname(), device.os(), device.user())
                + texts(device.addresses())
                + texts(device.tags())
                + texts(device.advertisedRoutes())
                + texts(device.enabledRoutes())
                + (device.servedRoutes() == null ? 0 : texts(device.servedRoutes()));
    }

    private static long texts(@Nullable String... texts) {
        return Stream.of(texts)
                .mapToLong(text -> text == null ? 0 : BYTES_OF_TEXT + text.length())
                .sum();
    }

    private static long texts(Collection<String> texts) {
        return texts.stream()
                .mapToLong(text -> 2 * BYTES_OF_TEXT + text.length())
                .sum();
    }

    /** Gives back what the answer took, and the devices' share unless they are kept. */
    @Override
    public void close() {
        body.close();
        if (!kept) {
            devices.close();
        }
    }
}
