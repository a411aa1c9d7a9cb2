package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.TailnetStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.Connection;
import com.xonetwork.tailnet.snapshot.SnapshotListener;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Metrics of each tailnet: about twelve series for each, however many devices it has. The TailnetNodes say which device it is.
 * Devices that are shared in from other tailnets are not counted, and keys that never expire are not counted as expiring.
 */
@Singleton
public final class TailnetMetrics implements SnapshotListener {

    private final MeterRegistry registry;
    private final SnapshotStore snapshots;
    private final Clock clock;
    private final Map<TailnetKey, List<Meter>> meters = new ConcurrentHashMap<>();
    private volatile Function<TailnetKey, Optional<TailnetStatus>> statuses = _ -> Optional.empty();

    public TailnetMetrics(MeterRegistry registry, SnapshotStore snapshots, Clock clock) {
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
                gauge(Metric.POLL_AGE, tailnet, there -> age(there, tailnet)),
                gauge(Metric.CLOCK_SKEW, tailnet, there -> skew(there, tailnet)),
                gauge(Metric.DEVICES, tailnet, there -> online(there, tailnet).count(), "online"),
                gauge(
                        Metric.DEVICES,
                        tailnet,
                        there -> devices(there, tailnet).count()
                                - online(there, tailnet).count(),
                        "offline"),
                gauge(Metric.UNAPPROVED, tailnet, there -> unapproved(there, tailnet)),
                gauge(Metric.UNMANAGED, tailnet, _ -> unmanaged(tailnet)),
                gauge(Metric.POLICY_IN_SYNC, tailnet, _ -> policyInSync(tailnet)),
                gauge(
                        Metric.NEXT_EXPIRY,
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

    /** Cumulative, like the buckets of a histogram: a key that expires within a day also counts within a week. */
    private Gauge within(TailnetKey tailnet, String word, Duration time) {
        return gauge(
                Metric.KEYS_EXPIRING,
                tailnet,
                store -> left(store, tailnet)
                        .filter(left -> left.compareTo(time) <= 0)
                        .count(),
                word);
    }

    private Gauge gauge(Metric metric, TailnetKey tailnet, ToDoubleFunction<SnapshotStore> value, String... first) {
        var labels = Stream.concat(Arrays.stream(first), Stream.of(tailnet.namespace(), tailnet.name()));
        return metric.gauge(registry, snapshots, value, labels.toArray(String[]::new));
    }

    /** @param there what the cluster has of a tailnet; a replica that only stands by has nothing */
    public void watch(Function<TailnetKey, Optional<TailnetStatus>> there) {
        statuses = there;
    }

    private double age(SnapshotStore store, TailnetKey tailnet) {
        var list = store.view(tailnet).devices();
        return list == null
                ? Double.NaN
                : Duration.between(list.takenAt(), clock.instant()).toMillis() / 1000.0;
    }

    private static double skew(SnapshotStore store, TailnetKey tailnet) {
        return Optional.ofNullable(store.view(tailnet).connection())
                .flatMap(Connection::clockSkew)
                .map(skew -> skew.ahead().toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private Stream<Device> online(SnapshotStore store, TailnetKey tailnet) {
        var now = store.view(tailnet).there(clock.instant());
        return devices(store, tailnet).filter(device -> device.online(now));
    }

    private long unapproved(SnapshotStore store, TailnetKey tailnet) {
        return devices(store, tailnet)
                .mapToLong(device -> device.advertisedRoutes().stream()
                        .filter(route -> !device.enabledRoutes().contains(route))
                        .count())
                .sum();
    }

    private double unmanaged(TailnetKey tailnet) {
        return statuses.apply(tailnet)
                .flatMap(status -> Optional.ofNullable(status.devices()))
                .map(counts -> (double) counts.total() - counts.managed())
                .orElse(Double.NaN);
    }

    private double policyInSync(TailnetKey tailnet) {
        return statuses.apply(tailnet)
                .filter(status -> status.policy() != null)
                .map(status -> Conditions.isTrue(status.conditions(), ConditionType.POLICY_IN_SYNC) ? 1.0 : 0.0)
                .orElse(Double.NaN);
    }

    private static Stream<Device> devices(SnapshotStore store, TailnetKey tailnet) {
        var list = store.view(tailnet).devices();
        return list == null ? Stream.empty() : list.devices().stream().filter(device -> !device.external());
    }

    private Stream<Duration> left(SnapshotStore store, TailnetKey tailnet) {
        var now = store.view(tailnet).there(clock.instant());
        return devices(store, tailnet)
                .filter(device -> !device.keyExpiryDisabled())
                .map(Device::expiry)
                .flatMap(Optional::stream)
                .map(expires -> Duration.between(now, expires));
    }
}
