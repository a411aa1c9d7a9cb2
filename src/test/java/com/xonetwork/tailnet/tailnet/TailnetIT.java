package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.CallLedger;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.SimulatorOptions;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A Tailnet by itself: what it says, when it makes no calls, and that there is one for each tailnet. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class TailnetIT {

    private static final String OTHER_SECRET = "other-credentials";

    @Test
    void aStatusSaysWhatIsThere(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.simulator().addDevice(SimDevice.named("db-1").connected(false));
        scene.node("web-1", "hostname: web-1");
        scene.tailnet("home", "");

        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "web-1");
        scene.soon().untilAsserted(() -> {
            var status = Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus());
            var counts = Objects.requireNonNull(status.devices());
            assertThat(counts.total()).isEqualTo(2);
            assertThat(counts.online()).isEqualTo(1);
            assertThat(counts.managed()).isEqualTo(1);
            assertThat(status.controlPlane()).isEqualTo(scene.simulator().url());
            assertThat(status.capabilities()).contains("DEVICE_TAGS", "POLICY_ATOMIC_WRITE");
            assertThat(status.conditions())
                    .extracting(Condition::type)
                    .startsWith("Ready", "Reconciling", "Stalled")
                    .contains("CredentialsValid", "Reachable", "DevicesListed", "DevicesImported", "PolicyInSync");
        });
        assertThat(scene.list(TailnetNode.class))
                .as("deviceImport is Off by default")
                .hasSize(1);
        for (var written : List.of(scene.get(Tailnet.class, "home"), scene.get(TailnetNode.class, "web-1"))) {
            assertThat(written.getMetadata().getManagedFields())
                    .filteredOn(entry -> "status".equals(entry.getSubresource()))
                    .as("who wrote the status of %s", written.getFullResourceName())
                    .extracting(ManagedFieldsEntry::getManager)
                    .containsExactly(ApiGroup.OPERATOR);
        }
    }

    @Test
    void aSuspendedTailnetMakesNoCallUntilItIsResumed(Scene scene) {
        var clock = scene.addSimulator();
        scene.tailnetAt(clock.url(), "clock", "");
        var web = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.simulator().setPolicyByHand("{\"tagOwners\": {\"tag:web\": []}, \"acls\": []}");
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\"]");
        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");

        scene.tailnet("home", "suspend: true");
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "Suspended");
        scene.awaitCondition(TailnetNode.class, "web-1", "Ready", "Unknown", "Suspended");
        scene.simulator().setTagsByHand(web.nodeId());
        // A call that was under way may have arrived only now.
        scene.letPollsGoBy(clock, 2);
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(clock, 5);
        assertThat(scene.ledger().since(mark)).isEmpty();

        scene.tailnet("home", "suspend: false");
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "web-1");
        assertThat(scene.simulator().device(web.nodeId()).orElseThrow().tags()).containsExactly("tag:web");
    }

    @Test
    void theYoungerOfTwoTailnetsForOneTailnetWaitsForTheOlder(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        // By name the younger one comes first: age must decide.
        scene.tailnet("zulu", "");
        scene.awaitReady(Tailnet.class, "zulu");
        var born = Instant.parse(scene.get(Tailnet.class, "zulu").getMetadata().getCreationTimestamp());
        scene.soon().until(() -> Instant.now().isAfter(born.plusSeconds(2)));

        var mark = scene.ledger().mark();
        otherCredentials(scene);
        tailnetWithOtherCredentials(scene, "alpha", scene.simulator().url());
        var stalled = scene.awaitCondition(Tailnet.class, "alpha", "Stalled", "True", "DuplicateTailnet");
        assertThat(stalled.message()).contains("zulu").contains("Delete one of the two");
        scene.letPollsGoBy(4);
        assertThat(scene.ledger().since(mark))
                .as("calls since there are two")
                .extracting(SimCall::operation)
                .containsOnly(Scene.LIST);
        assertThat(scene.ledger().since(mark)).extracting(SimCall::credential).allMatch(who -> !isOther(who));
        scene.awaitReady(Tailnet.class, "zulu");

        scene.delete(Tailnet.class, "zulu");
        scene.awaitReady(Tailnet.class, "alpha");
        scene.soon().until(() -> calledByOther(scene.ledger()));
    }

    @Test
    void twoNamesOfOneTailnetAreFoundOutByItsDevices(Scene scene) {
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.tailnet("by-default", "");
        scene.awaitReady(Tailnet.class, "by-default");
        var born = Instant.parse(
                scene.get(Tailnet.class, "by-default").getMetadata().getCreationTimestamp());
        scene.soon().until(() -> Instant.now().isAfter(born.plusSeconds(2)));

        otherCredentials(scene);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: by-name}
                spec:
                  pollInterval: 1s
                  tailscale:
                    url: "%s"
                    tailnet: %s
                    credentials: {secretRef: {name: %s}}
                """.formatted(
                        scene.simulator().url(), SimulatorOptions.defaults().tailnetId(), OTHER_SECRET));
        scene.awaitCondition(Tailnet.class, "by-name", "Stalled", "True", "DuplicateTailnet");
        // A call that was under way may have arrived only now.
        scene.letPollsGoBy(2);
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(5);
        assertThat(scene.ledger().since(mark)).extracting(SimCall::credential).noneMatch(TailnetIT::isOther);
        scene.awaitCondition(Tailnet.class, "by-name", "Stalled", "True", "DuplicateTailnet");
        scene.awaitReady(Tailnet.class, "by-default");
    }

    @Test
    void twoControlPlanesAreTwoTailnets(Scene scene) {
        var other = scene.addSimulator();
        scene.tailnet("home", "");
        scene.tailnetAt(other.url(), "away", "");
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(Tailnet.class, "away");
    }

    @Test
    void aDeletedTailnetIsNotPolledAnyMoreAndItsNodesSaySo(Scene scene) {
        var clock = scene.addSimulator();
        scene.tailnetAt(clock.url(), "clock", "");
        scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.tailnet("home", "");
        scene.node("web-1", "hostname: web-1");
        scene.awaitReady(TailnetNode.class, "web-1");

        scene.delete(Tailnet.class, "home");
        scene.awaitCondition(TailnetNode.class, "web-1", "Online", "Unknown", "TailnetNotFound");
        scene.letPollsGoBy(clock, 2);
        var mark = scene.ledger().mark();
        scene.letPollsGoBy(clock, 5);
        assertThat(scene.ledger().since(mark)).isEmpty();

        scene.tailnet("home", "");
        scene.awaitReady(TailnetNode.class, "web-1");
    }

    private static void otherCredentials(Scene scene) {
        scene.simulator().addOAuthClient("kOtherCNTRL", "tskey-client-other", "all");
        scene.secret(OTHER_SECRET, Map.of("client_id", "kOtherCNTRL", "client_secret", "tskey-client-other"));
    }

    private static void tailnetWithOtherCredentials(Scene scene, String name, String url) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: %s}
                spec:
                  pollInterval: 1s
                  tailscale:
                    url: "%s"
                    credentials: {secretRef: {name: %s}}
                """.formatted(name, url, OTHER_SECRET));
    }

    private static boolean calledByOther(CallLedger ledger) {
        return ledger.calls().stream().anyMatch(call -> isOther(call.credential()));
    }

    private static boolean isOther(String credential) {
        return credential.contains("kOtherCNTRL");
    }
}
