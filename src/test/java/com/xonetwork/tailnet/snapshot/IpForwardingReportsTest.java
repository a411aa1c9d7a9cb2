package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IpForwardingReportsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final TailnetKey OFFICE = new TailnetKey("net", "office");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final IpForwardingReports reports = new IpForwardingReports(clock);

    private boolean isReported(String id) {
        return reports.reportedAt(HOME, plain(id), Role.SUBNET_ROUTER).isPresent();
    }

    @Test
    void aReportIsForgottenAfterADayUnlessItIsRepeated() {
        reports.reported(HOME, "1", Role.SUBNET_ROUTER);
        reports.reported(HOME, "2", Role.SUBNET_ROUTER);
        clock.advance(Duration.ofHours(20));
        reports.reported(HOME, "1", Role.SUBNET_ROUTER);
        clock.advance(Duration.ofHours(5));

        assertThat(isReported("1")).isTrue();
        assertThat(isReported("2")).isFalse();
    }

    @Test
    void aDeviceIsFoundByEitherOfItsIds() {
        reports.reported(HOME, "12345", Role.EXIT_NODE);

        var router = device("n1CNTRL", "router").legacyId("12345").build();
        assertThat(reports.reportedAt(HOME, router, Role.EXIT_NODE)).contains(clock.instant());
        assertThat(reports.reportedAt(OFFICE, router, Role.EXIT_NODE)).isEmpty();
        reports.forget(HOME);
        assertThat(reports.reportedAt(HOME, router, Role.EXIT_NODE)).isEmpty();
    }

    @Test
    void thereAreNotMoreThanSoMany() {
        for (int device = 0; device <= IpForwardingReports.MOST; device++) {
            reports.reported(HOME, String.valueOf(device), Role.SUBNET_ROUTER);
        }

        assertThat(isReported("0")).isFalse();
        assertThat(isReported("1")).isTrue();
        assertThat(isReported(String.valueOf(IpForwardingReports.MOST))).isTrue();
    }
}
