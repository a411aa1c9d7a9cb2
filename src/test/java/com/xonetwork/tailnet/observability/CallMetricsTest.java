package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CallMetrics metrics = new CallMetrics(registry);

    @Test
    void countsAndTimesCallsByOperationAndStatus() {
        metrics.called("listTailnetDevices", 200, Duration.ofMillis(100));
        metrics.called("listTailnetDevices", 200, Duration.ofMillis(300));
        metrics.called("listTailnetDevices", 0, Duration.ofSeconds(30));

        var good = registry.get("xo.tailnet.control.plane.calls")
                .tags("operation", "listTailnetDevices", "code", "200")
                .timer();
        assertThat(good.count()).isEqualTo(2);
        assertThat(good.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(400);
        assertThat(registry.get("xo.tailnet.control.plane.calls")
                        .tag("code", "0")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    /** Ten thousand devices must not make ten thousand series. */
    @Test
    void seriesDoNotGrowWithCalls() {
        for (var i = 0; i < 1000; i++) {
            metrics.called("setDeviceTags", i % 2 == 0 ? 200 : 429, Duration.ofMillis(i));
            metrics.throttled(Duration.ofMillis(i));
        }

        assertThat(registry.getMeters()).hasSize(3);
        assertThat(registry.getMeters().stream()
                        .map(Meter::getId)
                        .flatMap(id -> id.getTags().stream())
                        .map(Tag::getKey)
                        .distinct())
                .containsExactlyInAnyOrder("operation", "code");
    }

    @Test
    void timeThatCallsWaitedIsOneSeries() {
        metrics.throttled(Duration.ofMillis(250));

        assertThat(registry.get("xo.tailnet.control.plane.throttle").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(250);
    }
}
