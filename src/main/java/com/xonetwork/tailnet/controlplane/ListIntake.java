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

    /**
     * What one byte of an entry can become before the entry is whole: its shortest texts have four bytes on the wire, and each
     * is an object.
     */
    private static final int GROWTH = 16;

    private final MemoryBudget budget;
    private final String namespace;
    private final int mostDevices;
    private MemoryBudget.Share entry;
    private MemoryBudget.Share devices;
    private int count;
    private boolean kept;

    /** @param mostDevices of one tailnet */
    public ListIntake(MemoryBudget budget, String namespace, int mostDevices) {
        this.budget = budget;
        this.namespace = namespace;
        this.mostDevices = mostDevices;
        this.entry = budget.open(namespace);
        this.devices = budget.open(namespace);
    }

    /** For who has no budget: tests, and tools. */
    public static ListIntake unlimited() {
        return new ListIntake(MemoryBudget.unlimited(), "", Integer.MAX_VALUE);
    }

    /** The list is read from its beginning, once more perhaps: what was counted of a try before is given back. */
    public void restart() {
        if (kept) {
            throw new IllegalStateException("the list is kept already");
        }
        close();
        count = 0;
        entry = budget.open(namespace);
        devices = budget.open(namespace);
    }

    /**
     * So many bytes of the answer were read, and belong to an entry that is not whole yet.
     *
     * @throws ControlPlaneException.TooLarge when there is no room for what may become of them
     */
    public void arrived(int bytes) {
        if (!entry.take((long) bytes * GROWTH)) {
            throw noRoom();
        }
    }

    /** An entry is whole. @throws ControlPlaneException.TooLarge when there is no room for one more */
    public void device(Device device) {
        entry.close();
        entry = budget.open(namespace);
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

    /** The list, or an entry of it, does not fit in what is left of the memory for lists. */
    private static ControlPlaneException.TooLarge noRoom() {
        return new ControlPlaneException.TooLarge(MemoryBudget.noRoom("the device list"));
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

    /** Gives back what is not kept. */
    @Override
    public void close() {
        entry.close();
        if (!kept) {
            devices.close();
        }
    }
}
