package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link NodePlanner} decides on.
 *
 * @param tailnet null when there is none of that name
 * @param classes of the namespace
 * @param ownedTags tags that the policy in force gives an owner; null when the policy is not known
 * @param routes what SubnetRoutes and ExitNodes want of this tailnet's devices
 * @param exits of the node's namespace
 * @param place where machines outside the cluster find the operator's API
 * @param clockAhead by how much the operator's clock is ahead of the control plane's, as far as that is known
 * @param now by the control plane's clock
 * @param here the same moment by the operator's clock
 */
record NodeInput(
        TailnetNode node,
        @Nullable Tailnet tailnet,
        TailnetView view,
        List<NodeClass> classes,
        Neighbours neighbours,
        @Nullable Set<String> ownedTags,
        RouteIntents routes,
        List<ExitNode> exits,
        Remembered remembered,
        Machine machine,
        BootstrapPlace place,
        Duration clockAhead,
        Instant now,
        Instant here) {

    NodeInput {
        classes = List.copyOf(classes);
        exits = List.copyOf(exits);
    }

    /** A write, told apart by what it writes: another wanted value is another attempt. */
    record Attempt(DeviceAction.Field field, String wanted) {
        static Attempt of(DeviceAction action) {
            return new Attempt(action.field(), action.wanted());
        }
    }

    /**
     * The last good poll that showed a node's device.
     *
     * @param epoch of the view: the polls of another connection are counted by themselves
     */
    record Poll(long epoch, long number) {}

    /**
     * A wish for a join key that failed.
     *
     * @param of what failed; other wishes are tried
     * @param left how long it must not be tried yet; empty when the rest is over
     */
    record HeldKey(String of, Fact fact, Optional<Duration> left) {}

    /**
     * What earlier looks at the node left behind.
     *
     * @param drift which fields were as wanted, and which are fought over
     * @param held writes that were tried just now or refused not long ago, and are not to be tried again yet
     * @param device which it stood for, at the last look that knew; null for none
     * @param joinedIn the last good poll that showed its device; null for none
     * @param key null when no wish for a join key failed
     * @param listedAfter UID of the last run after whose end the devices were listed at once; null for none
     */
    record Remembered(
            DriftMemory.Known drift,
            WriteMemory.Held held,
            @Nullable String device,
            @Nullable Poll joinedIn,
            @Nullable HeldKey key,
            @Nullable String listedAfter) {}

    /**
     * The runs on the machine behind the node.
     *
     * @param runs that the operator made for it, newest first
     * @param keyIsWanted a remedy takes a join key to the machine, or will once there is one
     * @param logsInAnew such a remedy is at work
     */
    record Machine(List<AutomationRun> runs, boolean keyIsWanted, boolean logsInAnew) {

        static final Machine NONE = new Machine(List.of(), false, false);

        Machine {
            runs = List.copyOf(runs);
        }
    }

    /** The same with what came of the changes to devices, instead of what was known before. */
    NodeInput after(DeviceOutcome outcome) {
        var drift = outcome.rival().map(remembered.drift()::against).orElse(remembered.drift());
        return new NodeInput(
                node,
                tailnet,
                outcome.view(),
                classes,
                neighbours,
                ownedTags,
                routes,
                exits,
                new Remembered(
                        drift,
                        outcome.held(),
                        remembered.device(),
                        remembered.joinedIn(),
                        remembered.key(),
                        remembered.listedAfter()),
                machine,
                place,
                clockAhead,
                now,
                here);
    }

    /** What is known of the fields of a device. Of another device than before nothing was wanted: nobody has changed it. */
    DriftMemory.Known drift(String deviceId) {
        return isAnother(deviceId) ? DriftMemory.Known.NOTHING : remembered.drift();
    }

    boolean isAnother(String deviceId) {
        return remembered.device() != null && !remembered.device().equals(deviceId);
    }

    Optional<ExitNode> exit(String name) {
        return exits.stream()
                .filter(exit -> exit.getMetadata().getName().equals(name))
                .findFirst();
    }
}
