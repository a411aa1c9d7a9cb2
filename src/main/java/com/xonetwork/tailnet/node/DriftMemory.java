package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Knows which fields were as wanted, so that a change made elsewhere is told from a change of mind; and notices a fight: a
 * value that somebody else changed back three times within ten minutes after it was put right is not written again until
 * the wanted value changes or the other gives way. Lost on a restart, after which a fight has to be noticed anew.
 */
final class DriftMemory {

    static final int REVERSALS = 3;
    static final Duration WINDOW = Duration.ofMinutes(10);

    private final Clock steady;
    private final PerResource<Map<Field, Entry>> byNode = new PerResource<>();

    /** @param steady a clock that nobody sets: a fight must not look longer ago, or be yet to come, because one was */
    DriftMemory(Clock steady) {
        this.steady = steady;
    }

    /** @param putRight when the value was written again after somebody changed it, within the window */
    private static final class Entry {
        private final String wanted;
        private final Deque<Instant> putRight = new ArrayDeque<>();
        private boolean settled = true;
        private boolean contested;
        private String rival = "";

        Entry(String wanted) {
            this.wanted = wanted;
        }

        /** That it is as wanted after we had stopped writing it means that the other gave way. */
        void settle() {
            if (contested) {
                contested = false;
                putRight.clear();
            }
            settled = true;
        }

        boolean isContested(Instant now) {
            return contested
                    || putRight.stream()
                                    .filter(at -> at.plus(WINDOW).isAfter(now))
                                    .count()
                            >= REVERSALS;
        }
    }

    /** Notes what is as wanted. */
    void settled(String uid, Map<Field, String> settled) {
        if (settled.isEmpty() && byNode.get(uid).isEmpty()) {
            return;
        }
        byNode.change(uid, before -> {
            var entries = before == null ? new EnumMap<Field, Entry>(Field.class) : before;
            settled.forEach((field, wanted) -> {
                var entry = entries.get(field);
                if (entry == null || !entry.wanted.equals(wanted)) {
                    entries.put(field, new Entry(wanted));
                } else {
                    entry.settle();
                }
            });
            return entries;
        });
    }

    /**
     * What is known of the fields of a node's device.
     *
     * @param asWanted fields that were as wanted when they were looked at last, by the wanted value: a difference is somebody else's
     *     doing then
     * @param contested what is not to be written again, however much it differs; with whom we disagree, where that is known
     * @param news fields of these over which the fight was not given up yet
     */
    record Known(Map<Field, String> asWanted, Map<Attempt, String> contested, Set<Field> news) {

        static final Known NOTHING = new Known(Map.of(), Map.of(), Set.of());

        Known {
            asWanted = Map.copyOf(asWanted);
            contested = Map.copyOf(contested);
            news = Set.copyOf(news);
        }

        /** Whether a difference is somebody else's doing: what is wanted now was true before. */
        boolean isDrift(DeviceAction difference) {
            return difference.wanted().equals(asWanted.get(difference.field()));
        }

        /** The same once the fights were given up. @param rival who the other is; empty when nobody can say */
        Known against(String rival) {
            var named = new HashMap<>(contested);
            named.replaceAll((attempt, before) -> news.contains(attempt.field()) ? rival : before);
            return new Known(asWanted, named, Set.of());
        }
    }

    Known known(String uid) {
        var asWanted = new EnumMap<Field, String>(Field.class);
        var contested = new HashMap<Attempt, String>();
        var news = EnumSet.noneOf(Field.class);
        var now = steady.instant();
        byNode.changeIfKnown(uid, entries -> {
            entries.forEach((field, entry) -> {
                if (entry.settled) {
                    asWanted.put(field, entry.wanted);
                }
                if (entry.isContested(now)) {
                    contested.put(new Attempt(field, entry.wanted), entry.rival);
                    if (!entry.contested) {
                        news.add(field);
                    }
                }
            });
            return entries;
        });
        return asWanted.isEmpty() && contested.isEmpty() ? Known.NOTHING : new Known(asWanted, contested, news);
    }

    /** Notes drift that was seen: told once. */
    void seen(String uid, Collection<DeviceAction> drift) {
        byNode.changeIfKnown(uid, entries -> {
            drift.forEach(action -> entries.computeIfPresent(action.field(), (field, entry) -> {
                entry.settled = false;
                return entry;
            }));
            return entries;
        });
    }

    /** Notes that drift was put right. */
    void putRight(String uid, DeviceAction action) {
        var now = steady.instant();
        byNode.changeIfKnown(uid, entries -> {
            entries.computeIfPresent(action.field(), (field, entry) -> {
                entry.putRight.addLast(now);
                if (entry.putRight.size() > REVERSALS) {
                    entry.putRight.removeFirst();
                }
                return entry;
            });
            return entries;
        });
    }

    /**
     * Notes that a fight was given up: however long ago the last round is, it is not begun again by us.
     *
     * @param rival who the other is; empty when nobody can say
     */
    void gaveUp(String uid, Collection<Field> fields, String rival) {
        byNode.changeIfKnown(uid, entries -> {
            fields.forEach(field -> entries.computeIfPresent(field, (same, entry) -> {
                if (!entry.contested) {
                    entry.contested = true;
                    entry.rival = rival;
                }
                return entry;
            }));
            return entries;
        });
    }

    void forget(String uid) {
        byNode.forget(uid);
    }
}
