package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.GARBAGE_COLLECTION;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Decides which devices that nobody owns are removed. A device is removed only when it is known to be ours (a tag), to
 * be wanted by nobody, and to have been gone for long; and of these only as many as the guards allow.
 */
@Pure
final class GarbagePlanner {

    /** What the budget counts over. */
    static final Duration BUDGET_TIME = Duration.ofHours(1);

    /** Good lists since the start before anything is removed: the first alone may be half of one. */
    private static final int GOOD_POLLS = 2;

    private static final int NAMED = 10;

    /** Longest gone first; the id makes the order whole. */
    private static final Comparator<Device> ORDER = Comparator.comparing(
                    Device::lastSeen, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(Device::id);

    private static final Fact NOTHING_LEFT = yes(GARBAGE_COLLECTION, Reason.IN_SYNC, "there is no device to remove");

    private GarbagePlanner() {}

    /** What there is to remove of a list, whether or not somebody wants it: who does is looked up for these only. */
    static List<Device> candidates(GarbageCollectionSpec spec, DeviceList devices, Instant now) {
        return devices.devices().stream()
                .filter(device -> isGarbage(spec, device, now))
                .toList();
    }

    /**
     * Whether a device may still go, right before it does: a machine may have come back, a node been made for it, the list become
     * doubtful, or the budget been used since the plan was made.
     *
     * @param now what is known by then
     */
    static boolean stillMayGo(GarbageInput now, Device device) {
        return plan(now).remove().stream().anyMatch(fresh -> fresh.id().equals(device.id()));
    }

    static GarbagePlan plan(GarbageInput input) {
        var spec = input.spec();
        if (spec == null) {
            return GarbagePlan.nothing(
                    yes(GARBAGE_COLLECTION, Reason.NOT_MANAGED, "garbageCollection is not set: no device is removed"));
        }
        return input.view()
                .usableDevices()
                .map(devices -> plan(spec, input, devices))
                .orElseGet(() -> GarbagePlan.nothing(unknown(
                        GARBAGE_COLLECTION,
                        Reason.NOT_LISTED_YET,
                        "there is no current device list, so nothing is removed; see Reachable and DevicesListed")));
    }

    /** A list that could not be renewed, is doubted, or is the first will do to say what is to go, but not to remove it. */
    private static boolean isCertain(TailnetView view) {
        return view.suspectSize() == null && view.trouble() == null && view.goodPolls() >= GOOD_POLLS;
    }

    private static GarbagePlan plan(GarbageCollectionSpec spec, GarbageInput input, DeviceList devices) {
        var garbage = candidates(spec, devices, input.now()).stream()
                .filter(device -> !input.wanted().contains(device.id()))
                .sorted(ORDER)
                .toList();
        if (input.view().isClockOff()) {
            return GarbagePlan.nothing(no(
                    GARBAGE_COLLECTION,
                    Reason.CLOCK_SKEW,
                    "no device is removed: the operator's clock and the control plane's differ, so it is not certain for how"
                            + " long a device is gone. See ClockInSync"));
        }
        if (garbage.isEmpty()) {
            return GarbagePlan.nothing(NOTHING_LEFT);
        }
        var own =
                devices.devices().stream().filter(device -> !device.external()).count();
        var most = Math.max(1, own * spec.maxRatio() / 100);
        var tooMany = garbage.size() > most;
        var share = garbage.size() + " of " + own + " devices";
        if (spec.dryRun()) {
            return GarbagePlan.nothing(yes(
                    GARBAGE_COLLECTION,
                    Reason.DRY_RUN,
                    "dryRun: would remove " + named(garbage)
                            + (tooMany ? "; without dryRun that would be held: " + share + " exceed maxRatio" : "")));
        }
        if (tooMany) {
            return GarbagePlan.nothing(no(
                    GARBAGE_COLLECTION,
                    Reason.COLLECTION_HELD,
                    share + " are to be removed. maxRatio allows " + most
                            + ", so the operator removes none. To have them removed, raise maxRatio, or remove some by hand: "
                            + named(garbage)));
        }
        return new GarbagePlan(
                garbage.stream()
                        .limit(isCertain(input.view()) ? budget(spec, input) : 0)
                        .toList(),
                gone -> collecting(spec, garbage, gone));
    }

    private static Fact collecting(GarbageCollectionSpec spec, List<Device> garbage, Set<String> gone) {
        var left =
                garbage.stream().filter(device -> !gone.contains(device.id())).toList();
        return left.isEmpty()
                ? NOTHING_LEFT
                : yes(
                        GARBAGE_COLLECTION,
                        Reason.COLLECTING,
                        "the operator removes these devices, at most " + spec.maxDeletionsPerHour()
                                + " within an hour: " + named(left));
    }

    private static boolean isGarbage(GarbageCollectionSpec spec, Device device, Instant now) {
        var seen = device.lastSeen();
        return !device.external()
                && !device.connected()
                && seen != null
                && seen.isBefore(now.minus(DurationText.parse(spec.offlineLongerThan())))
                && device.tags().stream().anyMatch(spec.tags()::contains);
    }

    private static long budget(GarbageCollectionSpec spec, GarbageInput input) {
        var since = input.now().minus(BUDGET_TIME);
        // Those of the future count too: a clock that was put back makes nothing faster.
        var used = input.deletions().stream().filter(at -> at.isAfter(since)).count();
        return Math.max(0, spec.maxDeletionsPerHour() - used);
    }

    private static String named(List<Device> devices) {
        return Abridged.list(devices, NAMED, ", ", device -> device.name() + " (" + device.id() + ")");
    }
}
