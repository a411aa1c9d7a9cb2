package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link RouteIntents} of each tailnet, worked out once per change and not once per node. */
@Singleton
public final class DeclaredRoutes {

    private final Map<TailnetKey, Entry> latest = new ConcurrentHashMap<>();

    private record Entry(Set<String> versions, RouteIntents intents) {}

    /**
     * @param routes of the namespace, of any tailnet
     * @param exits of the namespace, of any tailnet
     */
    public RouteIntents of(TailnetKey tailnet, Collection<SubnetRoute> routes, Collection<ExitNode> exits) {
        var ownRoutes = routes.stream()
                .filter(route -> route.getSpec().tailnetRef().name().equals(tailnet.name()))
                .toList();
        var ownExits = exits.stream()
                .filter(exit -> exit.getSpec().tailnetRef().name().equals(tailnet.name()))
                .toList();
        var versions = new HashSet<String>();
        ownRoutes.forEach(route -> versions.add(version(route)));
        ownExits.forEach(exit -> versions.add(version(exit)));
        if (versions.isEmpty()) {
            // Nothing to remember, and a tailnet that is gone is not heard of again.
            latest.remove(tailnet);
            return RouteIntents.of(ownRoutes, ownExits);
        }
        return latest.compute(
                        tailnet,
                        (unused, before) -> before != null && before.versions().equals(versions)
                                ? before
                                : new Entry(Set.copyOf(versions), RouteIntents.of(ownRoutes, ownExits)))
                .intents();
    }

    /** Status writes do not count: a spec, and whether it is on its way out, is all that an intent is. */
    private static String version(HasMetadata resource) {
        var metadata = resource.getMetadata();
        return metadata.getUid() + "/" + metadata.getGeneration() + "/" + metadata.getDeletionTimestamp();
    }

    public void forget(TailnetKey tailnet) {
        latest.remove(tailnet);
    }
}
