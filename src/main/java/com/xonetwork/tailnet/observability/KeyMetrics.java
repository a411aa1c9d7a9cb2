package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.SnapshotListener;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * When node keys expire, for each tailnet: five series, whatever the number of devices. Which device it is stands in its
 * TailnetNode. Devices shared in from elsewhere and keys that never expire do not count.
 */
public final class KeyMetrics implements SnapshotListener {

    private static final String KEYS = "xo.tailnet.device.keys.expiring";
    private static final String NEXT = "xo.tailnet.device.key.expires.next.seconds";

    private final MeterRegistry registry;
    private final SnapshotStore snapshots;
    private final Clock clock;
    private final Map<TailnetKey, List<Meter>> meters = new ConcurrentHashMap<>();

    public KeyMetrics(MeterRegistry registry, SnapshotStore snapshots, Clock clock) {
        this.registry = registry;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    /** A tailnet that nothing is known of has no series: a zero would say that no key expires. */
    @Override
    public void changed(TailnetKey tailnet, Collection<Device> devices, boolean wholeTailnet) {
        // Outside the lock: looking at a view can age it, which is a change that comes back here.
        var listed = snapshots.view(tailnet).devices() != null;
        meters.compute(tailnet, (key, known) -> {
            if (listed == (known != null)) {
                return known;
            }
            if (known != null) {
                known.forEach(registry::remove);
                return null;
            }
            return register(tailnet);
        });
    }

    private List<Meter> register(TailnetKey tailnet) {
        return List.of(
                gauge(
                        NEXT,
                        "Seconds until the next node key of the tailnet expires; NaN when none does.",
                        Tags.empty(),
                        tailnet,
                        store -> left(store, tailnet)
                                .filter(Duration::isPositive)
                                .mapToLong(Duration::toSeconds)
                                .asDoubleStream()
                                .min()
                                .orElse(Double.NaN)),
                within(tailnet, "14d", Duration.ofDays(14)),
                within(tailnet, "7d", Duration.ofDays(7)),
                within(tailnet, "1d", Duration.ofDays(1)),
                within(tailnet, "expired", Duration.ZERO));
    }

    /** Cumulative, as the buckets of a histogram are: who expires within a day does so within a week. */
    private Gauge within(TailnetKey tailnet, String word, Duration time) {
        return gauge(
                KEYS,
                "Devices whose node key expires within the time, or has expired.",
                Tags.of("within", word),
                tailnet,
                store -> left(store, tailnet)
                        .filter(left -> left.compareTo(time) <= 0)
                        .count());
    }

    private Gauge gauge(
            String name, String description, Tags tags, TailnetKey tailnet, ToDoubleFunction<SnapshotStore> value) {
        return Gauge.builder(name, snapshots, value)
                .description(description)
                .tags(tags.and("namespace", tailnet.namespace(), "tailnet", tailnet.name()))
                .register(registry);
    }

    private Stream<Duration> left(SnapshotStore store, TailnetKey tailnet) {
        var now = clock.instant();
        var list = store.view(tailnet).devices();
        return (list == null ? Stream.<Device>empty() : list.devices().stream())
                .filter(device -> !device.external() && !device.keyExpiryDisabled())
                .map(Device::expiry)
                .flatMap(Optional::stream)
                .map(expires -> Duration.between(now, expires));
    }
}
