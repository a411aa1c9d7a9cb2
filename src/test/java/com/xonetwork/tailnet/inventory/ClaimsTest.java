package com.xonetwork.tailnet.inventory;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {

    private final Device web =
            device("nabc", "web-1-1").legacyId("4711").hostname("Web-1").build();

    @Test
    void nobodyStandsForAnUnknownOrAbsentDevice() {
        assertThat(new Claims(List.of(node("web-1").build()), null).of(web)).isEmpty();
        assertThat(claims(
                                DeviceList.of(List.of(), Instant.EPOCH),
                                node("web-1"),
                                node("a").deviceId("nabc"))
                        .of(web))
                .isEmpty();
    }

    @Test
    void eitherIdAndEitherName() {
        var devices = DeviceList.of(List.of(web), Instant.EPOCH);
        assertThat(names(claims(devices, node("a").deviceId("nabc")).of(web))).containsExactly("a");
        assertThat(names(claims(devices, node("a").deviceId("4711")).of(web))).containsExactly("a");
        assertThat(names(claims(devices, node("web-1")).of(web))).containsExactly("web-1");
        assertThat(names(claims(devices, node("web-1-1")).of(web))).containsExactly("web-1-1");
        assertThat(claims(devices, node("web-2")).holder(web)).isEmpty();
    }

    /** The two ways to the answer must not drift apart. */
    @Test
    void sameAsTheIndex() {
        var twin = device("ntwin", "twin").build();
        var other = device("nother", "twin-1").hostname("twin").build();
        var devices = DeviceList.of(List.of(web, twin, other), Instant.EPOCH);
        TestNode[] nodes = {
            imported("z-imported-old", "nabc").created("2020-01-01T00:00:00Z"),
            imported("a-imported-old", "nabc").created("2020-01-01T00:00:00Z"),
            node("young").hostname("web-1").created("2026-02-01T00:00:00Z"),
            node("old").hostname("web-1-1").created("2026-01-01T00:00:00Z"),
            node("also-old").deviceId("4711").created("2026-01-01T00:00:00Z"),
            node("twin"),
            node("twin-said").hostname("twin").said("ntwin"),
            node("other-said").hostname("twin").said("nother"),
            node("wrong-said").hostname("twin").said("nabc"),
            node("pinned").deviceId("ntwin"),
            node("by-name").hostname("twin-1"),
            node("nobody").hostname("nobody")
        };
        var claims = claims(devices, nodes);
        var cache = NodeCache.of(nodes);
        for (var device : devices.devices()) {
            assertThat(names(claims.of(device)))
                    .as(device.name())
                    .isNotEmpty()
                    .isEqualTo(names(NodeIndex.claimants(cache, new TailnetKey("net", "home"), device, devices)));
        }
    }

    private static Claims claims(DeviceList devices, TestNode... nodes) {
        return new Claims(NodeCache.of(nodes).nodes(), devices);
    }

    private static List<String> names(List<TailnetNode> nodes) {
        return nodes.stream().map(node -> node.getMetadata().getName()).toList();
    }
}
