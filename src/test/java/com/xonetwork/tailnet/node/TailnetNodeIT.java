package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One device is kept as its TailnetNode says, and what cannot be decided is left alone. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class TailnetNodeIT {

    private static final String TAG_OWNED = "{\"tagOwners\": {\"tag:db\": [\"autogroup:admin\"]}, \"acls\": []}";
    private static final String EVERYTHING_SET = """
            hostname: db-1
            tags: ["tag:db"]
            approved: true
            keyExpiry: Disabled
            """;

    @Test
    void everySettingIsMadeAndPutBackWhenChangedElsewhere(Scene scene) {
        var simulator = scene.simulator();
        simulator.setPolicyByHand(TAG_OWNED);
        var device =
                simulator.addDevice(SimDevice.named("db-1").name("localhost-17").authorized(false));
        scene.node("database", EVERYTHING_SET);
        scene.tailnet("home", "");

        scene.awaitReady(TailnetNode.class, "database");
        assertAsWanted(scene, device);
        assertThat(scene.ledger().writesSince(0))
                .as("one call for each setting")
                .hasSize(4);

        simulator.updateDevice(
                device.nodeId(),
                changed -> changed.tags("tag:stray").authorized(false).keyExpiryDisabled(false));
        simulator.renameByHand(device.nodeId(), "by-hand");
        scene.soon().untilAsserted(() -> assertAsWanted(scene, device));
        scene.awaitReady(TailnetNode.class, "database");
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().writesSince(0)).as("and one to put each back").hasSize(8);
        assertThat(scene.eventReasons("database"))
                .filteredOn(reason -> reason.equals("DeviceChanged") || reason.equals("DriftCorrected"))
                .as("one Event for each write, which tells drift from a wish")
                .containsExactlyInAnyOrder(
                        "DeviceChanged",
                        "DeviceChanged",
                        "DeviceChanged",
                        "DeviceChanged",
                        "DriftCorrected",
                        "DriftCorrected",
                        "DriftCorrected",
                        "DriftCorrected");
    }

    private static void assertAsWanted(Scene scene, SimDevice device) {
        var now = scene.simulator().device(device.nodeId()).orElseThrow();
        assertThat(now.name()).isEqualTo("db-1");
        assertThat(now.tags()).containsExactly("tag:db");
        assertThat(now.authorized()).isTrue();
        assertThat(now.keyExpiryDisabled()).isTrue();
    }

    @Test
    void whatNobodySaysIsLeftAlone(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("guest").tags("tag:guest").keyExpiryDisabled(true));
        scene.node("guest", "hostname: guest");
        scene.tailnet("home", "");

        scene.awaitReady(TailnetNode.class, "guest");
        scene.awaitCondition(TailnetNode.class, "guest", "TagsInSync", "True", "NotManaged");
        scene.awaitCondition(TailnetNode.class, "guest", "KeyExpiryInSync", "True", "NotManaged");
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().writesSince(0)).isEmpty();
    }

    @Test
    void approvalIsTakenBackWhereTheSpecSaysSo(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("guest"));
        scene.node("guest", "hostname: guest\napproved: false");
        scene.tailnet("home", "");
        scene.soon()
                .untilAsserted(() -> assertThat(scene.simulator()
                                .device(device.nodeId())
                                .orElseThrow()
                                .authorized())
                        .isFalse());
        scene.awaitCondition(TailnetNode.class, "guest", "Approved", "True", "InSync");
    }

    @Test
    void aDeviceThatWaitsForApprovalIsReportedNotApproved(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("guest").authorized(false));
        scene.node("guest", "hostname: guest");
        scene.tailnet("home", "");
        var waits = scene.awaitCondition(TailnetNode.class, "guest", "Approved", "False", "WaitingForApproval");
        assertThat(waits.message()).contains("approved: true");
        assertThat(scene.ledger().writesSince(0)).isEmpty();
    }

    /** As by {@code kubectl replace --force}: the new one comes while the end of the old one is still being looked at. */
    @Test
    void whatIsMadeAnewRightAfterItsDeletionIsLookedAt(Scene scene) {
        var names = IntStream.range(0, 20).mapToObj(i -> "again-" + i).toList();
        names.forEach(name -> scene.node(name, "hostname: " + name));
        names.forEach(name -> awaitStatus(scene, name));
        for (var name : names) {
            scene.client().resources(TailnetNode.class).withName(name).delete();
            scene.node(name, "hostname: " + name);
        }
        names.forEach(name -> awaitStatus(scene, name));
    }

    private static void awaitStatus(Scene scene, String name) {
        scene.soon()
                .untilAsserted(
                        () -> assertThat(scene.get(TailnetNode.class, name).getStatus())
                                .as("status of " + name)
                                .isNotNull());
    }

    @Test
    void ofTwoDevicesOfOneNameNeitherIsTouched(Scene scene) {
        var one = scene.simulator().addDevice(SimDevice.named("twin"));
        var other = scene.simulator().addDevice(SimDevice.named("twin"));
        scene.simulator().setPolicyByHand(TAG_OWNED);
        scene.node("twin", "hostname: twin\ntags: [\"tag:db\"]\nkeyExpiry: Disabled");
        scene.tailnet("home", "");

        var ambiguous = scene.awaitCondition(TailnetNode.class, "twin", "Joined", "False", "Ambiguous");
        assertThat(ambiguous.message()).contains(one.nodeId(), other.nodeId(), "spec.deviceId");
        scene.awaitCondition(TailnetNode.class, "twin", "Stalled", "True", "Ambiguous");
        scene.letPollsGoBy(5);
        assertThat(scene.ledger().writesSince(0)).isEmpty();

        scene.node("twin", "deviceId: %s\ntags: [\"tag:db\"]".formatted(other.nodeId()));
        scene.awaitReady(TailnetNode.class, "twin");
        assertThat(scene.simulator().device(other.nodeId()).orElseThrow().tags())
                .containsExactly("tag:db");
        assertThat(scene.simulator().device(one.nodeId()).orElseThrow().tags()).isEmpty();
    }

    @Test
    void aTagWithoutOwnerIsToldAndNotTriedAgainAndAgain(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("db-1"));
        scene.node("db-1", "hostname: db-1\ntags: [\"tag:db\"]");
        scene.tailnet("home", "policy: {driftCheckInterval: 1s}");

        var refused = scene.awaitCondition(TailnetNode.class, "db-1", "TagsInSync", "False", "TagNotOwned");
        assertThat(refused.message()).contains("tag:db").contains("tagOwners");
        // Changes of the device wake the node: none of them may lead to another try.
        for (int i = 0; i < 3; i++) {
            scene.simulator().offline(device.nodeId());
            scene.letPollsGoBy(2);
            scene.simulator().online(device.nodeId());
            scene.letPollsGoBy(2);
        }
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count("setDeviceTags")).isEqualTo(1);

        scene.policy("tags", "fragment: {acls: [], tagOwners: {\"tag:db\": [\"autogroup:admin\"]}}");
        scene.awaitReady(TailnetNode.class, "db-1");
        assertThat(scene.simulator().device(device.nodeId()).orElseThrow().tags())
                .containsExactly("tag:db");
        assertThat(scene.ledger().count("setDeviceTags")).isEqualTo(2);
    }

    @Test
    void aTagThatTheKnownPolicyDoesNotOwnIsNotEvenTried(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("db-1"));
        scene.policy("base", "fragment: {acls: []}");
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        scene.node("db-1", "hostname: db-1\ntags: [\"tag:db\"]");
        scene.awaitCondition(TailnetNode.class, "db-1", "TagsInSync", "False", "TagNotOwned");
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().count("setDeviceTags")).isZero();
    }

    @Test
    void ofTwoNodesForOneDeviceTheOlderHasIt(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.simulator().setPolicyByHand(TAG_OWNED);
        scene.tailnet("home", "");
        scene.node("zulu", "hostname: web-1");
        scene.awaitReady(TailnetNode.class, "zulu");
        var born =
                Instant.parse(scene.get(TailnetNode.class, "zulu").getMetadata().getCreationTimestamp());
        scene.soon().until(() -> Instant.now().isAfter(born.plusSeconds(2)));

        scene.node("alpha", "hostname: web-1\ntags: [\"tag:db\"]");
        var duplicate = scene.awaitCondition(TailnetNode.class, "alpha", "Joined", "False", "DuplicateNode");
        assertThat(duplicate.message()).contains(device.nodeId()).contains("zulu");
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().writesSince(0)).isEmpty();
        scene.awaitReady(TailnetNode.class, "zulu");

        scene.delete(TailnetNode.class, "zulu");
        scene.awaitReady(TailnetNode.class, "alpha");
        assertThat(scene.simulator().device(device.nodeId()).orElseThrow().tags())
                .containsExactly("tag:db");
    }

    @Test
    void aNodeGoesOfflineAndReturns(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.node("web-1", "hostname: web-1");
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");

        var before = scene.eventReasons("web-1").size();

        scene.simulator().offline(device.nodeId());
        scene.awaitCondition(TailnetNode.class, "web-1", "Online", "False", "Offline");
        scene.awaitCondition(TailnetNode.class, "web-1", "Ready", "False", "Offline");
        scene.soon()
                .untilAsserted(() -> assertThat(Objects.requireNonNull(Objects.requireNonNull(
                                                scene.get(Tailnet.class, "home").getStatus())
                                        .devices())
                                .online())
                        .isZero());
        scene.simulator().online(device.nodeId());
        scene.awaitReady(TailnetNode.class, "web-1");
        scene.letPollsGoBy(2);
        assertThat(scene.eventReasons("web-1"))
                .as("one Event for each transition")
                .hasSize(before + 2)
                .contains("Offline", "Connected");
    }

    @Test
    void aDeviceWhoseKeyExpiredIsNotOnline(Scene scene) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.node("web-1", "hostname: web-1");
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");

        scene.simulator().expire(device.nodeId());
        var expired = scene.awaitCondition(TailnetNode.class, "web-1", "Online", "False", "KeyExpired");
        assertThat(expired.message()).contains("--force-reauth");
        scene.awaitCondition(TailnetNode.class, "web-1", "KeyValid", "False", "KeyExpired");
        scene.letPollsGoBy(2);
        assertThat(scene.eventReasons("web-1"))
                .as("one Event for the end of the key")
                .filteredOn("KeyExpired"::equals)
                .hasSize(1);
    }

    @Test
    void aKeyThatExpiresSoonIsToldOnceForEachThreshold(Scene scene) {
        var device = scene.simulator()
                .addDevice(SimDevice.named("web-1").expires(Instant.now().plus(Duration.ofDays(10))));
        scene.node("web-1", "hostname: web-1");
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");
        var soon = scene.awaitCondition(TailnetNode.class, "web-1", "KeyValid", "True", "ExpiresSoon");
        assertThat(soon.message()).contains("within 14 days");

        scene.simulator()
                .updateDevice(
                        device.nodeId(),
                        changed -> changed.expires(Instant.now().plus(Duration.ofHours(10))));
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(TailnetNode.class, "web-1", "KeyValid")
                                .orElseThrow()
                                .message())
                        .contains("within 1 day"));
        scene.simulator().updateDevice(device.nodeId(), changed -> changed.keyExpiryDisabled(true));
        scene.awaitCondition(TailnetNode.class, "web-1", "KeyValid", "True", "ExpiryDisabled");
        scene.letPollsGoBy(3);
        assertThat(scene.eventReasons("web-1"))
                .filteredOn("ExpiresSoon"::equals)
                .hasSize(2);
    }

    @Test
    void aNodeWaitsForItsDeviceAndForItsTailnet(Scene scene) {
        scene.node("web-1", "hostname: web-1");
        scene.awaitCondition(TailnetNode.class, "web-1", "Joined", "Unknown", "TailnetNotFound");
        scene.tailnet("home", "");
        scene.awaitCondition(TailnetNode.class, "web-1", "Joined", "False", "DeviceNotFound");
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.awaitReady(TailnetNode.class, "web-1");
    }
}
