package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutomationTimeoutsTest {

    @ParameterizedTest
    @CsvSource({
        // given: run, host, idle; what holds
        ", , , 30m, 10m, 11m",
        "2h, , , 2h, 10m, 11m",
        ", 20m, , 30m, 20m, 21m",
        "5m, , , 5m, 5m, 6m",
        ", , 2m, 30m, 2m, 2m",
        "1m, , 2m, 1m, 1m, 2m",
        ", , 1h, 30m, 10m, 1h",
        "3h, 2h59m30s, , 3h, 2h59m30s, 3h30s",
        // As operators before this one stored them.
        "30m, 10m, 5m, 30m, 10m, 5m",
    })
    void theLimitsFitEachOther(
            String run, String host, String idle, String runHolds, String hostHolds, String idleHolds) {
        assertThat(new AutomationTimeouts(run, host, idle))
                .isEqualTo(new AutomationTimeouts(runHolds, hostHolds, idleHolds));
    }
}
