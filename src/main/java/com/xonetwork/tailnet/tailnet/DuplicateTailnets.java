package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.net.URI;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Finds two Tailnets that stand for one tailnet: two writers of the same policy and devices would fight for ever. The older
 * one goes on, the younger one stops.
 */
final class DuplicateTailnets {

    private static final Comparator<Tailnet> AGE = Comparator.comparing(
                    (Tailnet tailnet) -> String.valueOf(tailnet.getMetadata().getCreationTimestamp()))
            .thenComparing(tailnet -> tailnet.getMetadata().getNamespace())
            .thenComparing(tailnet -> tailnet.getMetadata().getName());
    /** There {@code -} means another tailnet with other credentials; on any other host there is one tailnet. */
    private static final String SHARED_SERVICE = "api.tailscale.com";

    private final SnapshotPoller poller;
    private final SnapshotStore snapshots;
    /** Duplicates told by their devices: a stopped Tailnet has no devices to tell it by again. */
    private final Map<TailnetKey, Found> found = new ConcurrentHashMap<>();

    DuplicateTailnets(SnapshotPoller poller, SnapshotStore snapshots) {
        this.poller = poller;
        this.snapshots = snapshots;
    }

    /** The oldest other Tailnet that stands for the same tailnet, if it is older. */
    Optional<TailnetKey> olderOne(Tailnet tailnet, ControlPlaneSettings settings, Stream<Tailnet> all) {
        return all.filter(other -> AGE.compare(other, tailnet) < 0)
                .filter(other -> !other.isMarkedForDeletion())
                .filter(other -> isSame(tailnet, settings, other))
                .min(AGE)
                .map(TailnetKey::of);
    }

    private record Found(TailnetKey older, ControlPlaneSettings settings) {}

    private boolean isSame(Tailnet tailnet, ControlPlaneSettings settings, Tailnet other) {
        var place = place(tailnet);
        if (!place.host().equals(place(other).host())) {
            return false;
        }
        if (place.equals(place(other)) && !isAmbiguous(place)) {
            return true;
        }
        // "-" and a tailnet's name, or two credentials: the devices tell whether it is one tailnet.
        var key = TailnetKey.of(tailnet);
        var otherKey = TailnetKey.of(other);
        var sameCredentials = poller.settings(otherKey)
                .filter(theirs -> theirs.credentials().equals(settings.credentials())
                        && theirs.tailnet().equals(settings.tailnet()))
                .isPresent();
        var evidence = new Found(otherKey, settings);
        if (sameCredentials || snapshots.shareDevice(key, otherKey)) {
            found.put(key, evidence);
        }
        return evidence.equals(found.get(key));
    }

    void forget(TailnetKey tailnet) {
        found.remove(tailnet);
    }

    private static boolean isAmbiguous(Place place) {
        return place.tailnet().equals("-") && place.host().startsWith(SHARED_SERVICE + ":");
    }

    private record Place(String host, String tailnet) {}

    private static Place place(Tailnet tailnet) {
        var spec = tailnet.getSpec();
        if (spec.tailscale() != null) {
            return new Place(host(spec.tailscale().url()), spec.tailscale().tailnet());
        }
        return new Place(spec.headscale() == null ? "" : host(spec.headscale().url()), "-");
    }

    private static String host(String url) {
        try {
            var uri = URI.create(url);
            var port = uri.getPort() >= 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
            return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
        } catch (IllegalArgumentException e) {
            return url;
        }
    }
}
