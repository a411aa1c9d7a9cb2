package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Devices become TailnetNodes, get the tags of their classes, and keep them. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class DeviceImportIT {

    private static final String IMPORT_ALL = "deviceImport: All";
    private static final String WEB_CLASS = """
            match: {hostnames: ["web-*"]}
            tags: ["tag:web"]
            """;
    private static final String TAGS_OWNED = """
            {"tagOwners": {"tag:web": ["autogroup:admin"], "tag:other": ["autogroup:admin"]}, "acls": []}
            """;

    @Test
    void everyDeviceBecomesANodeOnce(Scene scene) {
        var web = scene.simulator().addDevice(SimDevice.named("web-1").tags("tag:web"));
        scene.simulator().addDevice(SimDevice.named("db-1"));
        scene.simulator().addDevice(SimDevice.named("of-another-tailnet").external(true));
        scene.tailnet("home", IMPORT_ALL);

        scene.awaitReady(TailnetNode.class, "web-1");
        scene.awaitReady(TailnetNode.class, "db-1");
        scene.letPollsGoBy(3);
        assertThat(names(scene)).containsExactlyInAnyOrder("web-1", "db-1");

        var node = scene.get(TailnetNode.class, "web-1");
        assertThat(node.getMetadata().getLabels()).containsEntry(ApiGroup.IMPORTED_LABEL, "true");
        assertThat(node.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Tailnet");
            assertThat(owner.getUid())
                    .isEqualTo(scene.get(Tailnet.class, "home").getMetadata().getUid());
        });
        assertThat(node.getMetadata().getFinalizers()).isEmpty();
        assertThat(node.getSpec().deviceId()).isEqualTo(web.nodeId());
        assertThat(node.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
        assertThat(node.getSpec().tags()).as("the tags it came with are kept").containsExactly("tag:web");
        assertThat(scene.ledger().writesSince(0))
                .as("nothing about the devices was to change")
                .isEmpty();
    }

    @Test
    void hostileHostNamesBecomeValidNames(Scene scene) {
        scene.node("taken", "hostname: web-1");
        var devices = List.of(
                SimDevice.named("web-1"),
                SimDevice.named("taken"),
                SimDevice.named("../../etc/passwd"),
                SimDevice.named("a".repeat(300)),
                SimDevice.named("--"),
                SimDevice.named("Ünïcödé \u202e☃"),
                SimDevice.named("{{ .Values }} $(reboot); DROP TABLE devices"),
                SimDevice.named("UPPER_case"));
        devices.forEach(scene.simulator()::addDevice);
        scene.tailnet("home", IMPORT_ALL);

        scene.soon().untilAsserted(() -> assertThat(imported(scene)).hasSize(7));
        scene.letPollsGoBy(3);
        var nodes = imported(scene);
        assertThat(nodes)
                .extracting(node -> node.getSpec().deviceId())
                .doesNotHaveDuplicates()
                .hasSize(7);
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.getMetadata().getName())
                        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")
                        .hasSizeLessThanOrEqualTo(63));
        assertThat(names(scene)).contains("upper-case");
        nodes.forEach(
                node -> scene.awaitReady(TailnetNode.class, node.getMetadata().getName()));
    }

    @Test
    void onlyDevicesThatAClassMatchesBecomeNodes(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1").tags("tag:web"));
        scene.simulator().addDevice(SimDevice.named("db-1"));
        scene.nodeClass("web", WEB_CLASS);
        scene.tailnet("home", "deviceImport: Matching");

        scene.awaitReady(TailnetNode.class, "web-1");
        scene.letPollsGoBy(3);
        assertThat(names(scene)).containsExactly("web-1");

        scene.nodeClass("db", "match: {hostnames: [\"db-?\"]}");
        scene.awaitReady(TailnetNode.class, "db-1");
        scene.soon()
                .untilAsserted(() -> assertThat(Objects.requireNonNull(
                                        scene.get(NodeClass.class, "db").getStatus())
                                .nodes())
                        .isEqualTo(1));
    }

    @Test
    void tagsOfTheClassArriveAndArePutBack(Scene scene) {
        var web = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.simulator().setPolicyByHand(TAGS_OWNED);
        scene.nodeClass("web", WEB_CLASS);
        scene.tailnet("home", IMPORT_ALL);

        scene.awaitReady(TailnetNode.class, "web-1");
        assertThat(tags(scene, web)).containsExactly("tag:web");
        var status =
                Objects.requireNonNull(scene.get(TailnetNode.class, "web-1").getStatus());
        assertThat(status.classes()).containsExactly("web");
        assertThat(status.tags()).containsExactly(new TagStatus("tag:web", List.of("NodeClass/web")));

        scene.simulator().setTagsByHand(web.nodeId(), "tag:other");
        scene.soon().untilAsserted(() -> assertThat(tags(scene, web)).containsExactly("tag:web"));
        scene.awaitReady(TailnetNode.class, "web-1");
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count("setDeviceTags")).isEqualTo(2);
        assertThat(scene.eventReasons("web-1")).containsExactlyInAnyOrder("DeviceChanged", "DriftCorrected");
    }

    @Test
    void aNodeGoesWithItsDeviceAndAHandWrittenOneStays(Scene scene) {
        var gone = scene.simulator().addDevice(SimDevice.named("gone"));
        var mine = scene.simulator().addDevice(SimDevice.named("mine"));
        scene.simulator().addDevice(SimDevice.named("stays"));
        scene.node("mine", "hostname: mine");
        scene.tailnet("home", IMPORT_ALL);
        scene.awaitReady(TailnetNode.class, "gone");
        scene.awaitReady(TailnetNode.class, "mine");

        scene.simulator().deleteByHand(gone.nodeId());
        scene.soon().until(() -> scene.find(TailnetNode.class, "gone").isEmpty());
        scene.simulator().deleteByHand(mine.nodeId());
        scene.awaitCondition(TailnetNode.class, "mine", "Joined", "False", "DeviceNotFound");
        scene.letPollsGoBy(4);
        assertThat(names(scene)).containsExactlyInAnyOrder("mine", "stays");
    }

    @Test
    void aDeviceThatIsMissingFromOneListOnlyKeepsItsNode(Scene scene) {
        var flickers = scene.simulator().addDevice(SimDevice.named("flickers"));
        scene.simulator().addDevice(SimDevice.named("steady"));
        scene.tailnet("home", IMPORT_ALL);
        scene.awaitReady(TailnetNode.class, "flickers");
        var uid = scene.get(TailnetNode.class, "flickers").getMetadata().getUid();

        // Renames its id away, which is how the list of a service looks that forgot a device.
        scene.simulator()
                .faults()
                .on(Scene.LIST)
                .once()
                .rewrite(body -> body.replace(flickers.nodeId(), "nGhostCNTRL").replace(flickers.legacyId(), "1"));
        scene.letPollsGoBy(4);
        scene.awaitReady(TailnetNode.class, "flickers");
        assertThat(scene.get(TailnetNode.class, "flickers").getMetadata().getUid())
                .isEqualTo(uid);
    }

    @Test
    void aNodeWrittenByHandReplacesTheImportedOne(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.tailnet("home", IMPORT_ALL);
        scene.awaitReady(TailnetNode.class, "web-1");

        scene.node("my-web", "hostname: web-1");
        scene.soon().until(() -> scene.find(TailnetNode.class, "web-1").isEmpty());
        scene.awaitReady(TailnetNode.class, "my-web");
        scene.letPollsGoBy(3);
        assertThat(names(scene)).containsExactly("my-web");
    }

    private static List<String> tags(Scene scene, SimDevice device) {
        return scene.simulator().device(device.nodeId()).orElseThrow().tags();
    }

    private static List<TailnetNode> imported(Scene scene) {
        return scene.list(TailnetNode.class).stream()
                .filter(node -> node.getMetadata().getLabels() != null
                        && "true".equals(node.getMetadata().getLabels().get(ApiGroup.IMPORTED_LABEL)))
                .toList();
    }

    private static List<String> names(Scene scene) {
        return scene.list(TailnetNode.class).stream()
                .map(node -> node.getMetadata().getName())
                .toList();
    }
}
