package com.xonetwork.tailnet.inventory;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeIndexTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");

    private final Device web =
            device("nabc", "web-1-1").legacyId("4711").hostname("Web-1").build();

    @Test
    void findsByEitherIdAndEitherName() {
        assertThat(of(node("a").deviceId("nabc"))).containsExactly("a");
        assertThat(of(node("a").deviceId("4711"))).containsExactly("a");
        assertThat(of(node("web-1"))).containsExactly("web-1");
        assertThat(of(node("web-1-1"))).containsExactly("web-1-1");
        assertThat(of(node("web-2"))).isEmpty();
    }

    @Test
    void aPinnedNodeStandsForNoOtherDeviceOfItsName() {
        assertThat(of(node("web-1").deviceId("other"))).isEmpty();
    }

    @Test
    void anotherTailnetOrNamespaceIsAnotherWorld() {
        assertThat(of(node("web-1").in("net", "office"), node("web-1").in("elsewhere", "home")))
                .isEmpty();
    }

    @Test
    void aNodeThatIsFoundTwiceIsOne() {
        var same = device("1", "web-1").build();
        assertThat(NodeIndex.of(NodeCache.of(node("web-1")), HOME, same)).hasSize(1);
    }

    @Test
    void whoLooksThemUpOnceGetsTheSameAnswers() {
        var nodes = List.of(
                imported("imported", "nabc"),
                node("by-legacy-id").deviceId("4711"),
                node("young").hostname("web-1").created("2026-02-01T00:00:00Z"),
                node("old").hostname("WEB-1-1"),
                node("pinned").hostname("web-1").deviceId("other"),
                node("web-2"));
        var cache = NodeCache.of(nodes.toArray(TestNode[]::new));
        var lookedUp = nodes.stream().map(TestNode::build).toList();
        var devices = DeviceList.of(List.of(web, device("2", "web-2").build()), Instant.EPOCH);

        for (var device : devices.devices()) {
            assertThat(names(NodeIndex.of(lookedUp, device)))
                    .isEqualTo(names(NodeIndex.of(cache, HOME, device)))
                    .isNotEmpty();
            assertThat(names(NodeIndex.claimants(lookedUp, device, devices)))
                    .isEqualTo(names(NodeIndex.claimants(cache, HOME, device, devices)))
                    .isNotEmpty();
        }
    }

    @Test
    void userWrittenBeforeImportedThenTheOlderThenByName() {
        assertThat(of(
                        imported("z-imported-old", "nabc").created("2020-01-01T00:00:00Z"),
                        imported("a-imported-old", "nabc").created("2020-01-01T00:00:00Z"),
                        node("young").hostname("web-1").created("2026-02-01T00:00:00Z"),
                        node("old").hostname("web-1-1").created("2026-01-01T00:00:00Z"),
                        node("also-old").deviceId("4711").created("2026-01-01T00:00:00Z")))
                .containsExactly("also-old", "old", "young", "a-imported-old", "z-imported-old");
    }

    /** A machine that renames itself must not take another's node over. */
    @Test
    void aHostNameThatSeveralDevicesAnswerToClaimsNone() {
        var pinned = device("1", "one").hostname("twin").build();
        var twin = device("2", "two").hostname("twin").build();
        var nodes = NodeCache.of(node("twin"), imported("one", "1"), imported("two", "2"));

        var both = DeviceList.of(List.of(pinned, twin), Instant.EPOCH);
        assertThat(names(NodeIndex.claimants(nodes, HOME, pinned, both))).containsExactly("one");
        assertThat(names(NodeIndex.claimants(nodes, HOME, twin, both))).containsExactly("two");

        var alone = DeviceList.of(List.of(pinned), Instant.EPOCH);
        assertThat(names(NodeIndex.claimants(nodes, HOME, pinned, alone))).containsExactly("twin", "one");
    }

    /** Its machine is another device by now. */
    @Test
    void aRenamedFormerDeviceIsNotTheNodesButAnImportedOnes() {
        var former = device("5", "web-1-replaced-5").hostname("web-1").offline().build();
        var now = device("7", "web-1").build();
        var nodes = NodeCache.of(node("web-1"), imported("former", "5"));
        var both = DeviceList.of(List.of(former, now), Instant.EPOCH);

        assertThat(names(NodeIndex.claimants(nodes, HOME, now, both))).containsExactly("web-1");
        assertThat(names(NodeIndex.claimants(nodes, HOME, former, both))).containsExactly("former");
        var alone = DeviceList.of(List.of(former), Instant.EPOCH);
        assertThat(names(NodeIndex.claimants(nodes, HOME, former, alone))).containsExactly("former");
        assertThat(NodeIndex.candidates(node("web-1").build(), alone)).isEmpty();
    }

    @Test
    void whoIsFormerOnlyByItsHostName() {
        var former = device("5", "web-1-replaced-5").hostname("WEB-1").offline().build();
        assertThat(NodeIndex.isFormer(node("web-1").build(), former)).isTrue();
        assertThat(NodeIndex.isFormer(node("web-1").said("5").build(), former))
                .as("an old run says so")
                .isTrue();
        assertThat(NodeIndex.isFormer(node("a").hostname("web-1-replaced-5").build(), former))
                .isFalse();
        assertThat(NodeIndex.isFormer(node("web-1").deviceId("5").build(), former))
                .isFalse();
        var back = device("5", "web-1-replaced-5").hostname("web-1").build();
        assertThat(NodeIndex.isFormer(node("web-1").build(), back)).isTrue();
        assertThat(NodeIndex.isFormer(node("web-1").said("5").build(), back)).isFalse();
        assertThat(NodeIndex.isFormer(
                        node("web-1").build(), device("5", "web-1").offline().build()))
                .isFalse();
    }

    @Test
    void onlyTheLabelSetToTrueMeansImported() {
        assertThat(NodeIndex.isImported(imported("a", "1").build())).isTrue();
        assertThat(NodeIndex.isImported(node("a").build())).isFalse();
        assertThat(NodeIndex.isImported(
                        node("a").label(ApiGroup.IMPORTED_LABEL, "false").build()))
                .isFalse();
    }

    @Test
    void allOfATailnet() {
        var cache = NodeCache.of(node("a"), node("b").in("net", "office"), imported("c", "1"));
        assertThat(names(NodeIndex.ofTailnet(cache, HOME))).containsExactlyInAnyOrder("a", "c");
    }

    private List<String> of(TestNode... nodes) {
        return names(NodeIndex.of(NodeCache.of(nodes), HOME, web));
    }

    private static List<String> names(List<TailnetNode> nodes) {
        return nodes.stream().map(node -> node.getMetadata().getName()).toList();
    }
}
