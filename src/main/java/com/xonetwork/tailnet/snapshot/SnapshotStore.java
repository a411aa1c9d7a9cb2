package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@link TailnetView} per tailnet and tells listeners what changed. Three rules live here:
 *
 * <ul>
 *   <li>a failed poll changes nothing but the view's trouble and, once the last list is older than {@code maxAge}, its
 *       freshness: unknown is not absent;
 *   <li>a list that lost half of the devices or more at once (and more than two), or all of them, is not believed until
 *       it repeats {@code suspectPolls} times: services have answered with empty or partial lists;
 *   <li>our own write stands until a poll that <em>began</em> after it says otherwise.
 * </ul>
 */
public final class SnapshotStore {

    private final Clock clock;
    private final Clock steady;
    private final int suspectPolls;
    private final Map<TailnetKey, Entry> entries = new ConcurrentHashMap<>();
    private final List<SnapshotListener> listeners = new CopyOnWriteArrayList<>();
    private final List<PerTailnet<?>> memories = new CopyOnWriteArrayList<>();
    /** Of all Tailnets together: no epoch is used twice. */
    private final AtomicLong epochs = new AtomicLong();

    /** With one clock for both. */
    public SnapshotStore(Clock clock, int suspectPolls) {
        this(clock, clock, suspectPolls);
    }

    /**
     * @param steady a clock that nobody sets: times of requests and of own writes are by it
     * @param suspectPolls how often a list that lost most devices must repeat before it is believed
     */
    public SnapshotStore(Clock clock, Clock steady, int suspectPolls) {
        this.clock = clock;
        this.steady = steady;
        this.suspectPolls = suspectPolls;
    }

    public void addListener(SnapshotListener listener) {
        listeners.add(listener);
    }

    public void removeListener(SnapshotListener listener) {
        listeners.remove(listener);
    }

    /** Has a memory told when a Tailnet is forgotten, moves or gets a new connection. */
    void tell(PerTailnet<?> memory) {
        memories.add(memory);
    }

    public TailnetView view(TailnetKey tailnet) {
        var entry = entries.get(tailnet);
        if (entry == null) {
            return TailnetView.NOTHING;
        }
        var view = entry.view;
        if (freshness(view, entry.maxAge) == view.freshness()) {
            return view;
        }
        // Too old since the last poll, which may hang or be far away: whoever decided on it has to look again.
        update(tailnet, aged -> aged.view.withFreshness(freshness(aged.view, aged.maxAge)));
        return entry.view;
    }

    /** Tailnets whose device lists share a device: two resources that stand for the same tailnet. */
    public boolean shareDevice(TailnetKey one, TailnetKey other) {
        var left = view(one).devices();
        var right = view(other).devices();
        return left != null
                && right != null
                && left.devices().stream()
                        .anyMatch(device ->
                                !device.external() && right.byId(device.id()).isPresent());
    }

    /** A clock that nobody sets. What is due in this process is due by it; it never says how late it is elsewhere. */
    public Clock steady() {
        return steady;
    }

    /** To say when a request was sent. */
    Moment now() {
        return new Moment(clock.instant(), steady.instant());
    }

    /** A list arrived. @param startedAt when its request was sent, where one clock is both */
    public boolean listed(TailnetKey tailnet, Collection<Device> devices, Instant startedAt) {
        return listed(tailnet, devices, new Moment(startedAt, startedAt));
    }

    /** A list arrived. @param startedAt when its request was sent */
    boolean listed(TailnetKey tailnet, Collection<Device> devices, Moment startedAt) {
        var believed = new AtomicBoolean();
        update(tailnet, entry -> {
            believed.set(false);
            var list = DeviceList.of(devices, startedAt);
            entry.writes.removeIf(write -> write.at().isBefore(startedAt.steady()));
            for (var write : entry.writes) {
                list = write.applyTo(list);
            }
            var before = entry.view;
            if (isSuspect(before.devices(), list) && ++entry.suspectSeen < suspectPolls) {
                // The old list goes on ageing: what is not believed does not make it fresher.
                return before.withTrouble(freshness(before, entry.maxAge), null, list.size());
            }
            entry.suspectSeen = 0;
            believed.set(true);
            var seen = new HashMap<>(before.lastSeenInPoll());
            // Two polls without a device is all that anybody asks; older entries only cost memory.
            seen.values().removeIf(poll -> poll < before.goodPolls() - 4);
            list.devices().forEach(device -> seen.put(device.id(), before.goodPolls() + 1));
            return before.withGoodPoll(list, Map.copyOf(seen));
        });
        return believed.get();
    }

    /** A list failed. */
    public void listFailed(TailnetKey tailnet, ControlPlaneException why) {
        update(
                tailnet,
                entry -> entry.view.withTrouble(
                        entry.view.devices() == null
                                ? TailnetView.Freshness.NEVER
                                : freshness(entry.view, entry.maxAge),
                        why,
                        null));
    }

    /** The clocks were compared. */
    public void clockCompared(TailnetKey tailnet, ClockSkew measured) {
        update(tailnet, entry -> {
            var now = ClockReading.next(entry.view.clock(), measured);
            return now.equals(entry.view.clock()) ? entry.view : entry.view.withClock(now);
        });
    }

    public void capabilitiesDetected(TailnetKey tailnet, Set<Capability> capabilities) {
        update(tailnet, entry -> entry.view.withCapabilities(capabilities));
    }

    /** A document was read. @param startedAt when its request was sent, by the steady clock */
    public <T> void documentRead(TailnetKey tailnet, DocumentKind<T> kind, Optional<T> document, Instant startedAt) {
        update(tailnet, entry -> {
            var writtenAt = entry.documentsWrittenAt.get(kind);
            return writtenAt != null && !writtenAt.isBefore(startedAt)
                    ? entry.view
                    : entry.view.withDocument(kind, Observed.read(document));
        });
    }

    public <T> void documentReadFailed(TailnetKey tailnet, DocumentKind<T> kind, ControlPlaneException why) {
        update(
                tailnet,
                entry -> entry.view.withDocument(kind, entry.view.document(kind).withTrouble(why)));
    }

    /** Only these documents are read from now on: what was read of others may be true no longer. */
    public void documentsWatched(TailnetKey tailnet, Set<DocumentKind<?>> kinds) {
        update(tailnet, entry -> {
            var kept = entry.view.documents().only(kinds);
            return kept == entry.view.documents() ? entry.view : entry.view.withDocuments(kept);
        });
    }

    /** We published this document. @param epoch of the view that it was decided on: what came of another connection says nothing */
    public <T> void documentWritten(TailnetKey tailnet, long epoch, DocumentKind<T> kind, T document) {
        update(tailnet, entry -> {
            if (entry.view.epoch() != epoch) {
                return entry.view;
            }
            entry.documentsWrittenAt.put(kind, steady.instant());
            return entry.view.withDocument(kind, Observed.read(Optional.of(document)));
        });
    }

    /** Something was learned of a device besides the lists: whoever watches it looks again. Nothing of the view changes. */
    public void noticed(TailnetKey tailnet, String deviceId) {
        var devices = view(tailnet).devices();
        if (devices != null) {
            devices.byId(deviceId)
                    .ifPresent(
                            device -> listeners.forEach(listener -> listener.changed(tailnet, Set.of(device), false)));
        }
    }

    /**
     * We changed a device; the change holds until a poll that began later.
     *
     * @param epoch of the view that the change was decided on. Another connection can have another device of this id: then
     *     nothing is recorded
     */
    public void deviceWritten(TailnetKey tailnet, long epoch, String deviceId, UnaryOperator<Device> change) {
        record(tailnet, epoch, new OwnWrite(steady.instant(), deviceId, change));
    }

    /** We removed a device. @param epoch of the view that this was decided on */
    public void deviceDeleted(TailnetKey tailnet, long epoch, String deviceId) {
        record(tailnet, epoch, new OwnWrite(steady.instant(), deviceId, null));
    }

    /** How old a list may be before nothing is decided on it. */
    public void setMaxAge(TailnetKey tailnet, Duration maxAge) {
        update(tailnet, entry -> {
            entry.maxAge = maxAge;
            return entry.view;
        });
    }

    /**
     * The Tailnet has a new connection. The former one must have ended.
     *
     * @param isSameTailnet whether what was seen over the former connection is still true. Own writes, and what is said of the
     *     credentials, end with a connection all the same
     */
    void connected(TailnetKey tailnet, Connection connection, boolean isSameTailnet) {
        update(tailnet, entry -> {
            var epoch = epochs.incrementAndGet();
            if (isSameTailnet) {
                return entry.view.over(connection, epoch);
            }
            entry.reset();
            // The first one of all: what a status says from before the start stands until the first answer.
            var first = entry.view.isPending() && entry.view.connection() == null;
            return TailnetView.nothing(
                    first ? TailnetView.Freshness.PENDING : TailnetView.Freshness.NEVER, connection, epoch);
        });
        memories.forEach(memory -> memory.connected(tailnet, isSameTailnet));
    }

    /** The tailnet is not looked at: nothing is known of it, and nothing will be for now. */
    public void unwatched(TailnetKey tailnet) {
        update(tailnet, entry -> {
            entry.reset();
            var connection = entry.view.isOutdated() ? null : entry.view.connection();
            return TailnetView.nothing(TailnetView.Freshness.NEVER, connection, epochs.incrementAndGet());
        });
        memories.forEach(memory -> memory.connected(tailnet, false));
    }

    /** The Tailnet is gone. */
    void forget(TailnetKey tailnet) {
        unwatched(tailnet);
        entries.remove(tailnet);
        memories.forEach(memory -> memory.forget(tailnet));
    }

    private void record(TailnetKey tailnet, long epoch, OwnWrite write) {
        update(tailnet, entry -> {
            if (entry.view.epoch() != epoch) {
                return entry.view;
            }
            entry.writes.add(write);
            var devices = entry.view.devices();
            return devices == null ? entry.view : entry.view.withDevices(write.applyTo(devices));
        });
    }

    private void update(TailnetKey tailnet, Function<Entry, TailnetView> change) {
        var entry = entries.computeIfAbsent(tailnet, unused -> new Entry());
        TailnetView before;
        TailnetView after;
        synchronized (entry) {
            before = entry.view;
            after = change.apply(entry);
            entry.view = after;
        }
        tell(tailnet, before, after);
    }

    private void tell(TailnetKey tailnet, TailnetView before, TailnetView after) {
        var none = DeviceList.of(List.of(), Instant.EPOCH);
        var changed = before.devices() == after.devices()
                ? Set.<Device>of()
                : DeviceList.differences(
                        Objects.requireNonNullElse(before.devices(), none),
                        Objects.requireNonNullElse(after.devices(), none));
        var whole = before.freshness() != after.freshness()
                || before.epoch() != after.epoch()
                || before.proven() != after.proven()
                || !before.capabilities().equals(after.capabilities())
                || !before.documents().say(after.documents())
                || !ControlPlaneException.areAlike(before.trouble(), after.trouble())
                || !Objects.equals(before.suspectSize(), after.suspectSize())
                || !Objects.equals(before.clock(), after.clock());
        if (whole || !changed.isEmpty() || absenceSettled(before, after)) {
            listeners.forEach(listener -> listener.changed(tailnet, changed, whole));
        }
    }

    /** A device was missing from a second good poll just now, or there was a second good poll at all since the start. */
    private static boolean absenceSettled(TailnetView before, TailnetView after) {
        return after.goodPolls() != before.goodPolls()
                && (after.goodPolls() == 2
                        || after.lastSeenInPoll().values().stream().anyMatch(poll -> after.goodPolls() - poll == 2));
    }

    private TailnetView.Freshness freshness(TailnetView view, Duration maxAge) {
        var devices = view.devices();
        if (devices == null) {
            return view.freshness();
        }
        return devices.isOlderThan(maxAge, now()) ? TailnetView.Freshness.STALE : view.freshness();
    }

    /** Ephemeral devices go in batches, and who shares devices takes them back: that many of these go casts no doubt on a list. */
    private static boolean isSuspect(@Nullable DeviceList before, DeviceList now) {
        if (before == null) {
            return false;
        }
        var lasting = before.devices().stream()
                .filter(device -> !device.ephemeral() && !device.external())
                .toList();
        var lost = lasting.stream()
                .filter(device -> now.byId(device.id()).isEmpty())
                .count();
        return !lasting.isEmpty() && (now.size() == 0 || (lost > 2 && lost * 2 >= lasting.size()));
    }

    private static final class Entry {
        private volatile TailnetView view = TailnetView.NOTHING;
        private volatile Duration maxAge = Duration.ofMinutes(3);
        private int suspectSeen;
        private final List<OwnWrite> writes = new ArrayList<>();
        private final Map<DocumentKind<?>, Instant> documentsWrittenAt = new HashMap<>();

        private void reset() {
            writes.clear();
            suspectSeen = 0;
            documentsWrittenAt.clear();
        }
    }

    /** @param change null for a deletion */
    private record OwnWrite(
            Instant at, String deviceId, @Nullable UnaryOperator<Device> change) {
        DeviceList applyTo(DeviceList list) {
            return change == null ? list.without(deviceId) : list.with(deviceId, change);
        }
    }
}
