package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link NodePlanner} decides on.
 *
 * @param tailnet null when there is none of that name
 * @param classes of the namespace
 * @param claimant who else stands for a device and comes first: the name of that TailnetNode
 * @param others all other TailnetNodes that a device could stand for and that somebody wrote: their names
 * @param ownedTags tags that the policy in force gives an owner; null when the policy is not known
 * @param routes what SubnetRoutes and ExitNodes want of this tailnet's devices
 * @param exits the ExitNode of a name, in the node's namespace
 * @param contested writes that are not repeated because somebody else keeps undoing them, and who, where that is known
 * @param held writes that were tried just now or refused not long ago, and are not to be tried again yet
 * @param logsInAnew a run is at work that lets the machine log in anew with a join key
 */
public record NodeInput(
        TailnetNode node,
        @Nullable Tailnet tailnet,
        TailnetView view,
        List<NodeClass> classes,
        Function<Device, Optional<String>> claimant,
        Function<Device, List<String>> others,
        @Nullable Set<String> ownedTags,
        RouteIntents routes,
        Function<String, Optional<ExitNode>> exits,
        Map<Attempt, String> contested,
        WriteMemory.Held held,
        boolean logsInAnew,
        Instant now) {

    /** A write, told apart by what it writes: another wanted value is another attempt. */
    public record Attempt(DeviceAction.Field field, String wanted) {
        static Attempt of(DeviceAction action) {
            return new Attempt(action.field(), action.wanted());
        }
    }
}
