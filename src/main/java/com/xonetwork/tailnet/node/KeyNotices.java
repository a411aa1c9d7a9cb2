package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.Conditions.find;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Reason;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells of keys that expire: one Warning for each threshold (14, 7 and 1 days before, and the end) of each expiry date.
 *
 * <p>That a threshold was told is remembered by nothing but the status, which shows the date and the threshold passed
 * ({@code keyExpires}, {@code keyExpiresWithin}) and keeps both while the devices are unknown: so an Event is written exactly
 * when a status with another pair is. Neither a restart nor an outage repeats it. The Event's name follows from the same
 * pair, so that a crash between the Event and the status does not repeat it either, as long as the API server keeps Events
 * (one hour by default). Nothing is decided on it.
 */
final class KeyNotices {

    private KeyNotices() {}

    static void tell(
            EventRecorder events, TailnetNode node, @Nullable TailnetNodeStatus before, TailnetNodeStatus now) {
        var notice = now.keyExpiresWithin();
        if (notice == null
                || (before != null
                        && notice.equals(before.keyExpiresWithin())
                        && Objects.equals(now.keyExpires(), before.keyExpires()))) {
            return;
        }
        find(now.conditions(), ConditionType.KEY_VALID)
                .ifPresent(condition -> events.warningOnce(
                        node, condition.reason(), EventRecorder.words(condition), now.keyExpires() + " " + notice));
    }

    /** The conditions whose changes are told as Events. */
    static Set<ConditionType> told(TailnetNodeStatus now) {
        return without(ConditionType.toldOf(TailnetNode.class), now);
    }

    /** Without {@code Online} where it is the key's end that it tells of: that is told here already. */
    static Set<ConditionType> without(Set<ConditionType> told, TailnetNodeStatus now) {
        var byKey = find(now.conditions(), ConditionType.ONLINE)
                .filter(online -> online.reason().equals(Reason.KEY_EXPIRED.toString()))
                .isPresent();
        return byKey
                ? told.stream().filter(type -> type != ConditionType.ONLINE).collect(Collectors.toUnmodifiableSet())
                : told;
    }
}
