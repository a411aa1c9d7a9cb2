package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that {@link HealPlanner} decides on.
 *
 * @param isTooEarly the first poll says more in a moment: until then the status stays as it is
 * @param inTheWay why nothing is known of any node of the tailnet
 * @param tailnetMode what nodes without a mode of their own have
 * @param nodes that the selector means
 * @param others HealPolicies of the namespace but this one
 * @param runs that were made for this policy, newest first
 * @param routes of the tailnet
 * @param quietUntil what was a storm or a common cause not long ago, and until when nothing is done about its nodes
 */
record HealInput(
        HealPolicy policy,
        boolean isTooEarly,
        Optional<Standing> inTheWay,
        Mode tailnetMode,
        List<TailnetNode> nodes,
        List<HealPolicy> others,
        List<AutomationRun> runs,
        List<SubnetRoute> routes,
        Map<String, Quiet> quietUntil,
        Instant now) {

    /**
     * What rests.
     *
     * @param active it goes on; its cooldown has not begun
     * @param until when its cooldown is over, if it has begun
     * @param members names of its nodes; all when empty
     */
    record Quiet(boolean active, Instant until, Set<String> members) {}
}
