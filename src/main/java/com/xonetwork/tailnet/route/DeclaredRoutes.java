package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** The {@link RouteIntents} of each tailnet, worked out once per change and not once per node. */
@Singleton
public final class DeclaredRoutes {

    private final PerTailnet<Entry> latest;

    public DeclaredRoutes(SnapshotStore snapshots) {
        this.latest = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
    }

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
            // Nothing to remember, whether or not there is such a Tailnet.
            latest.forget(tailnet);
            return RouteIntents.of(ownRoutes, ownExits);
        }
        return Objects.requireNonNull(latest.change(
                        tailnet,
                        before -> before != null && before.versions().equals(versions)
                                ? before
                                : new Entry(Set.copyOf(versions), RouteIntents.of(ownRoutes, ownExits))))
                .intents();
    }

    /** Status writes do not count: a spec, and whether it is on its way out, is all that an intent is. */
    private static String version(HasMetadata resource) {
        var metadata = resource.getMetadata();
        return metadata.getUid() + "/" + metadata.getGeneration() + "/" + metadata.getDeletionTimestamp();
    }
}
