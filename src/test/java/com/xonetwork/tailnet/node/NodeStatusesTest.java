package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.node.Planning.NOW;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.controlplane.Device;
import org.junit.jupiter.api.Test;

class NodeStatusesTest {

    @Test
    void showsTheDeviceAsItWasSeen() {
        var status = of(device("1", "web-1")
                .addresses("100.64.0.9", "fd7a::9")
                .tags("tag:b", "tag:a")
                .expires(NOW.plusSeconds(60))
                .build());

        assertThat(status.deviceId()).isEqualTo("1");
        assertThat(status.name()).isEqualTo("web-1");
        assertThat(status.address()).isEqualTo("100.64.0.9");
        assertThat(status.addresses()).containsExactly("100.64.0.9", "fd7a::9");
        assertThat(status.os()).isEqualTo("linux");
        assertThat(status.keyExpires()).isEqualTo("2026-11-24T10:01:00Z");
        assertThat(status.deviceTags()).containsExactly("tag:a", "tag:b");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.conditions())
                .extracting(Condition::type)
                .startsWith("Ready", "Reconciling", "Stalled", "Joined");
        assertThat(status.conditions())
                .allSatisfy(
                        condition -> assertThat(condition.observedGeneration()).isEqualTo(1));
    }

    /** Services give them in any order, and what is shown in one column must not change with it. */
    @Test
    void showsTheIpv4AddressWhereThereIsRoomForOne() {
        var both = of(device("1", "web-1").addresses("fd7a::9", "100.64.0.9").build());
        assertThat(both.address()).isEqualTo("100.64.0.9");
        assertThat(both.addresses()).containsExactly("fd7a::9", "100.64.0.9");
        assertThat(of(device("1", "web-1").addresses("fd7a::9").build()).address())
                .isEqualTo("fd7a::9");
    }

    @Test
    void whatTheServiceDoesNotTellIsAbsent() {
        var status = of(device("1", "web-1")
                .addresses()
                .os("")
                .keyNeverExpires()
                .expires(NOW.plusSeconds(60))
                .build());

        assertThat(status.address()).isNull();
        assertThat(status.os()).isNull();
        assertThat(status.keyExpires()).isNull();
    }

    @Test
    void withoutADeviceNothingOfAnEarlierOneIsLeft() {
        var status = of(device("1", "another").build());

        assertThat(status.deviceId()).isNull();
        assertThat(status.addresses()).isEmpty();
        assertThat(status.deviceTags()).isEmpty();
    }

    /** Steady state: no write to Kubernetes. */
    @Test
    void theSameAgainIsEqualEvenLaterAndWithAnotherLastSeen() {
        var node = node("web-1").build();
        var first = NodeStatuses.of(
                node,
                Planning.of(node("web-1"))
                        .on(device("1", "web-1").offline().lastSeen(NOW).build())
                        .outcome(),
                NOW);
        node.setStatus(first);

        var again = NodeStatuses.of(
                node,
                Planning.of(node("web-1"))
                        .on(device("1", "web-1")
                                .offline()
                                .lastSeen(NOW.minusSeconds(60))
                                .build())
                        .outcome(),
                NOW.plusSeconds(3600));

        assertThat(again).isEqualTo(first);
    }

    private static TailnetNodeStatus of(Device device) {
        return NodeStatuses.of(
                node("web-1").build(), Planning.of(node("web-1")).on(device).outcome(), NOW);
    }
}
