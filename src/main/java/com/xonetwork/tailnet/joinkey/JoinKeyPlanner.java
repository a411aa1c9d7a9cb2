package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyMark;
import com.xonetwork.tailnet.pure.Pure;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides which of a holder's keys stays. */
@Pure
final class JoinKeyPlanner {

    private JoinKeyPlanner() {}

    /**
     * What is to be done before a new key may be made.
     *
     * @param keep the key on record is as ordered: no new one is made
     * @param revoke every other key of the holder that could still be used
     */
    record Plan(boolean keep, List<String> revoke) {}

    /** @param listed all join keys of the tailnet */
    static Plan plan(
            JoinKeyHolder holder,
            JoinKeyOrder order,
            @Nullable JoinKeyRecord recorded,
            List<JoinKey> listed,
            Instant now) {
        var live = live(holder, recorded, listed);
        // What the list lacks is not kept: it is not known to be usable.
        var keep = recorded != null && isAsOrdered(order, recorded, now) && isUsable(listed, recorded.keyId());
        if (recorded != null && keep) {
            live.remove(recorded.keyId());
        }
        return new Plan(keep, List.copyOf(live));
    }

    /** Everything of the holder's goes. */
    static List<String> revokeAll(JoinKeyHolder holder, @Nullable JoinKeyRecord recorded, List<JoinKey> listed) {
        return List.copyOf(live(holder, recorded, listed));
    }

    static boolean isAsOrdered(JoinKeyOrder order, JoinKeyRecord recorded, Instant now) {
        return recorded.tags().equals(order.tags()) && now.isBefore(order.renewAt(recorded));
    }

    /** All that may be usable: the one on record also when the list lacks it, as lists of new things lag. */
    private static TreeSet<String> live(JoinKeyHolder holder, @Nullable JoinKeyRecord recorded, List<JoinKey> listed) {
        var live = new TreeSet<String>();
        var listedAtAll = false;
        for (var key : listed) {
            var isRecorded = recorded != null && key.id().equals(recorded.keyId());
            listedAtAll |= isRecorded;
            if (key.usable() && (isRecorded || JoinKeyMark.isOn(key, holder.mark()))) {
                live.add(key.id());
            }
        }
        if (recorded != null && !listedAtAll && !recorded.keyId().isEmpty()) {
            live.add(recorded.keyId());
        }
        return live;
    }

    private static boolean isUsable(List<JoinKey> listed, String keyId) {
        return listed.stream().anyMatch(key -> key.usable() && key.id().equals(keyId));
    }
}
