package com.xonetwork.tailnet.observability;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailnetMetricsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final TailnetKey HOME = new TailnetKey("net", "home");

    private final ManualClock clock = new ManualClock(NOW);
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    {
        snapshots.addListener(new TailnetMetrics(registry, snapshots, clock));
    }

    @Test
    void countsWhatExpiresSoonAndNamesTheNext() {
        listed(
                in(1, Duration.ofSeconds(-5)),
                in(2, Duration.ofHours(20)),
                in(3, Duration.ofDays(6)),
                in(4, Duration.ofDays(13)),
                in(5, Duration.ofDays(100)),
                device("6", "never").keyNeverExpires().expires(NOW).build(),
                device("7", "shared").external().expires(NOW).build(),
                device("8", "no-date").build());

        assertThat(within("expired")).isEqualTo(1);
        assertThat(within("1d")).isEqualTo(2);
        assertThat(within("7d")).isEqualTo(3);
        assertThat(within("14d")).isEqualTo(4);
        assertThat(next()).isEqualTo(Duration.ofHours(20).toSeconds());

        clock.advance(Duration.ofHours(20));
        assertThat(within("expired")).as("time alone moves it").isEqualTo(2);
        assertThat(next()).isEqualTo(Duration.ofDays(6).minusHours(20).toSeconds());
    }

    @Test
    void whereNothingExpiresThereIsNoNext() {
        listed(device("1", "never").keyNeverExpires().build());

        assertThat(next()).isNaN();
        assertThat(within("14d")).isZero();
    }

    @Test
    void seriesDoNotGrowWithDevices() {
        listed(IntStream.range(0, 1000).mapToObj(i -> in(i, Duration.ofDays(i))).toArray(Device[]::new));

        assertThat(registry.getMeters()).hasSize(12);
    }

    @Test
    void aTailnetThatNothingIsKnownOfHasNoSeries() {
        snapshots.setMaxAge(HOME, Duration.ofMinutes(1));
        assertThat(registry.getMeters()).isEmpty();
        listed(in(1, Duration.ofDays(1)));
        clock.advance(Duration.ofHours(1));
        assertThat(next()).as("a date stays true while the list ages").isEqualTo(23 * 3600);

        snapshots.unwatched(HOME);
        assertThat(registry.getMeters()).isEmpty();
    }

    private void listed(Device... devices) {
        snapshots.listed(HOME, List.of(devices), clock.instant());
    }

    private static Device in(int id, Duration left) {
        return device(String.valueOf(id), "web-" + id).expires(NOW.plus(left)).build();
    }

    private double within(String word) {
        return registry.get("xo.tailnet.device.keys.expiring")
                .tags("namespace", "net", "tailnet", "home", "within", word)
                .gauge()
                .value();
    }

    private double next() {
        return registry.get("xo.tailnet.device.key.expires.next.seconds")
                .tags("tailnet", "home")
                .gauge()
                .value();
    }
}
