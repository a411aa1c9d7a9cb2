package com.xonetwork.tailnet.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.testbed.TailnetUnderTest.Machine;
import java.time.Duration;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

@RealTailnet
class TailnetE2E {
    /** Far longer than it takes: machines are busy. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void machinesJoinLeaveAndReturn(TailnetUnderTest tailnet) {
        tailnet.startNode("web-1");
        tailnet.startNode("db-1");
        tailnet.startNode("router-1", "tag:router");

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(tailnet.machines())
                        .extracting(Machine::hostname, Machine::online)
                        .containsExactlyInAnyOrder(row("web-1", true), row("db-1", true), row("router-1", true)));
        assertThat(tailnet.machine("router-1").orElseThrow().tags()).containsExactly("tag:router");

        tailnet.stopNode("web-1");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(online(tailnet, "web-1")).isFalse());

        tailnet.startNode("web-1");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(online(tailnet, "web-1")).isTrue());

        tailnet.deleteNode("db-1");
        assertThat(tailnet.machine("db-1")).isEmpty();
    }

    private static boolean online(TailnetUnderTest tailnet, String name) {
        return tailnet.machine(name).orElseThrow().online();
    }

    private static Tuple row(String name, boolean online) {
        return Tuple.tuple(name, online);
    }
}
