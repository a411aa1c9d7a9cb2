package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.JoinStatus;
import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.machine.MachinePlan;
import com.xonetwork.tailnet.machine.Preferences;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about a node, and what is to be said of it.
 *
 * @param device that stands for the node; null when none or no single one does
 * @param actions to perform now
 * @param withheld what mode Observe keeps from being performed
 * @param contested what is not written because somebody else keeps undoing it
 * @param settled what is as wanted, by the wanted value
 * @param tags desired, with who wants them
 * @param classes that match, in order of precedence
 * @param join the join key that waits for the machine; null when there is none
 * @param preferences of the machine behind it; null where the operator does not set it, or it is not known yet what they are
 * @param lookAgain when something will change by the clock alone: a key's expiry, the rest of a write that was refused
 * @param view that all this was decided on: what is done about it is done on that view's connection
 */
public record NodePlan(
        @Nullable Device device,
        List<DeviceAction> actions,
        List<DeviceAction> withheld,
        Set<DeviceAction.Field> contested,
        Map<DeviceAction.Field, String> settled,
        List<Fact> facts,
        List<TagStatus> tags,
        List<String> classes,
        @Nullable JoinStatus join,
        @Nullable Preferences preferences,
        Optional<Duration> lookAgain,
        TailnetView view) {

    static NodePlan nothing(List<Fact> facts, @Nullable Preferences preferences) {
        return new NodePlan(
                null,
                List.of(),
                List.of(),
                Set.of(),
                Map.of(),
                facts,
                List.of(),
                List.of(),
                null,
                preferences,
                Optional.empty(),
                TailnetView.NOTHING);
    }

    /** The same, decided on this view. */
    NodePlan on(TailnetView seen) {
        return new NodePlan(
                device,
                actions,
                withheld,
                contested,
                settled,
                facts,
                tags,
                classes,
                join,
                preferences,
                lookAgain,
                seen);
    }

    NodePlan withJoin(Fact fact, @Nullable JoinStatus status) {
        var more = Stream.concat(facts.stream(), Stream.of(fact)).toList();
        return new NodePlan(
                device,
                actions,
                withheld,
                contested,
                settled,
                more,
                tags,
                classes,
                status,
                preferences,
                lookAgain,
                view);
    }

    /** The same with another word on the join key. */
    NodePlan withJoinInstead(Fact fact, @Nullable JoinStatus status) {
        var others = facts.stream()
                .map(before -> before.type() == fact.type() ? fact : before)
                .toList();
        return new NodePlan(
                device,
                actions,
                withheld,
                contested,
                settled,
                others,
                tags,
                classes,
                status,
                preferences,
                lookAgain,
                view);
    }

    /** While the machine is not in, what is being done about that is the first thing to know. */
    NodePlan withMachine(MachinePlan machine) {
        var more = new ArrayList<>(facts);
        more.add(device == null ? 0 : more.size(), machine.fact());
        var plan = new NodePlan(
                device, actions, withheld, contested, settled, more, tags, classes, join, preferences, lookAgain, view);
        return machine.lookAgain().map(plan::lookingAgain).orElse(plan);
    }

    Fact fact(ConditionType type) {
        return facts.stream().filter(fact -> fact.type() == type).findFirst().orElseThrow();
    }

    /** After so long at the latest. */
    NodePlan lookingAgain(Duration asked) {
        var wait = LookAgain.safe(asked);
        var sooner = lookAgain.filter(already -> already.compareTo(wait) < 0).orElse(wait);
        return new NodePlan(
                device,
                actions,
                withheld,
                contested,
                settled,
                facts,
                tags,
                classes,
                join,
                preferences,
                Optional.of(sooner),
                view);
    }
}
