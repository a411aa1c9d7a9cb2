package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.util.List;

/**
 * A Tailnet and the resources around it, as the caches show them at the begin of a reconciliation.
 *
 * @param all Tailnets that there are
 * @param policies AclPolicies of this Tailnet that are not being deleted
 * @param nodes TailnetNodes of this Tailnet
 * @param classes NodeClasses of the namespace
 * @param intents what SubnetRoutes and ExitNodes of this Tailnet want
 */
record TailnetScope(
        Tailnet tailnet,
        List<Tailnet> all,
        List<AclPolicy> policies,
        List<TailnetNode> nodes,
        List<NodeClass> classes,
        RouteIntents intents) {

    static TailnetScope of(
            Tailnet tailnet,
            Context<Tailnet> context,
            IndexedResourceCache<TailnetNode> nodeCache,
            DeclaredRoutes declared) {
        var key = TailnetKey.of(tailnet);
        return new TailnetScope(
                tailnet,
                context.getPrimaryCache().list().toList(),
                context.getSecondaryResourcesAsStream(AclPolicy.class)
                        .filter(policy -> !policy.isMarkedForDeletion())
                        .toList(),
                NodeIndex.ofTailnet(nodeCache, key),
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                declared.of(
                        key,
                        context.getSecondaryResources(SubnetRoute.class),
                        context.getSecondaryResources(ExitNode.class)));
    }

    /** Whether the status speaks of the spec as it is now. */
    boolean isReportedOn() {
        var status = tailnet.getStatus();
        return status != null && tailnet.getMetadata().getGeneration().equals(status.observedGeneration());
    }
}
