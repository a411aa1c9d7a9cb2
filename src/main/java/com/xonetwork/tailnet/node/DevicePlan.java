package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.machine.Preferences;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a node's device compares with what is wanted of it: what is to be done about that, and what is to be said.
 *
 * @param device that stands for the node; null when none or no single one does
 * @param actions to perform now
 * @param withheld what mode Observe keeps from being performed
 * @param contested what is not written because somebody else keeps undoing it
 * @param settled what is as wanted, by the wanted value
 * @param tags desired, with who wants them
 * @param classes that match, in order of precedence
 * @param preferences of the machine behind it; null where the operator does not set it, or it is not known yet what they are
 * @param lookAgain when something will change by the clock alone: a key's expiry, the rest of a write that was refused
 * @param view that all this was decided on: what is done about it is done on that view's connection
 */
record DevicePlan(
        @Nullable Device device,
        List<DeviceAction> actions,
        List<DeviceAction> withheld,
        Set<DeviceAction.Field> contested,
        Map<DeviceAction.Field, String> settled,
        List<Fact> facts,
        List<TagStatus> tags,
        List<String> classes,
        @Nullable Preferences preferences,
        Optional<Duration> lookAgain,
        TailnetView view) {

    static DevicePlan nothing(List<Fact> facts, @Nullable Preferences preferences, TailnetView view) {
        return new DevicePlan(
                null,
                List.of(),
                List.of(),
                Set.of(),
                Map.of(),
                facts,
                List.of(),
                List.of(),
                preferences,
                Optional.empty(),
                view);
    }

    Fact fact(ConditionType type) {
        return facts.stream().filter(fact -> fact.type() == type).findFirst().orElseThrow();
    }

    Fact joined() {
        return fact(ConditionType.JOINED);
    }

    /** After so long at the latest. */
    DevicePlan lookingAgain(Duration asked) {
        var wait = LookAgain.safe(asked);
        var sooner = lookAgain.filter(already -> already.compareTo(wait) < 0).orElse(wait);
        return new DevicePlan(
                device,
                actions,
                withheld,
                contested,
                settled,
                facts,
                tags,
                classes,
                preferences,
                Optional.of(sooner),
                view);
    }
}
