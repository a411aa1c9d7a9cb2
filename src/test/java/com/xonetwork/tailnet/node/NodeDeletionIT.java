package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The device goes with its node where that is wanted; and a deletion always ends, whatever else is gone already. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class NodeDeletionIT {

    /** What the operator promises, whatever is gone. */
    private static final Duration END = Duration.ofSeconds(60);

    private static final String DELETE = "hostname: web-1\ndeletionPolicy: Delete";
    private static final String RETAIN = "hostname: web-1\ndeletionPolicy: Retain";

    @Test
    void withDeleteTheDeviceGoes(Scene scene) {
        var device = joined(scene, DELETE);
        assertThat(scene.get(TailnetNode.class, "web-1").getMetadata().getFinalizers())
                .containsExactly(ApiGroup.DEVICE_FINALIZER);

        deleteAndAwaitTheEnd(scene);
        assertThat(scene.simulator().device(device.nodeId())).isEmpty();
        assertThat(scene.ledger().count("deleteDevice")).isEqualTo(1);
        assertThat(scene.eventReasons("web-1")).contains("DeviceDeleted");
    }

    @Test
    void withRetainTheDeviceStays(Scene scene) {
        var device = joined(scene, RETAIN);
        assertThat(scene.get(TailnetNode.class, "web-1").getMetadata().getFinalizers())
                .isEmpty();

        deleteAndAwaitTheEnd(scene);
        scene.letPollsGoBy(4);
        assertThat(scene.simulator().device(device.nodeId())).isPresent();
        assertThat(scene.ledger().writesSince(0)).isEmpty();
    }

    @Test
    void aChangeOfMindCounts(Scene scene) {
        var device = joined(scene, DELETE);
        scene.node("web-1", RETAIN);
        scene.soon()
                .untilAsserted(() -> assertThat(scene.get(TailnetNode.class, "web-1")
                                .getMetadata()
                                .getFinalizers())
                        .isEmpty());
        deleteAndAwaitTheEnd(scene);
        scene.letPollsGoBy(3);
        assertThat(scene.simulator().device(device.nodeId())).isPresent();
    }

    @Test
    void aDeviceThatIsGoneAlreadyIsNoProblem(Scene scene) {
        var device = joined(scene, DELETE);
        scene.simulator().deleteByHand(device.nodeId());
        deleteAndAwaitTheEnd(scene);
        assertThat(scene.eventReasons("web-1")).doesNotContain("DeviceLeftBehind");
    }

    @Test
    void withoutItsTailnetTheNodeGoesAndTheDeviceIsNamed(Scene scene) {
        var device = joined(scene, DELETE);
        scene.delete(Tailnet.class, "home");
        scene.awaitCondition(TailnetNode.class, "web-1", "Ready", "Unknown", "TailnetNotFound");

        deleteAndAwaitTheEnd(scene);
        assertLeftBehind(scene, device.name());
        assertThat(scene.ledger().count("deleteDevice")).isZero();
    }

    @Test
    void withoutTheSecretTheNodeGoes(Scene scene) {
        joined(scene, DELETE);
        scene.client().secrets().withName(Scene.SECRET).delete();
        // The Secret is not watched; a change of the Tailnet has it read again.
        scene.tailnet("home", "callBudget: {perSecond: 4}");
        scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "SecretNotFound");

        deleteAndAwaitTheEnd(scene);
        assertLeftBehind(scene, "web-1");
        assertThat(scene.ledger().count("deleteDevice")).isZero();
    }

    @Test
    void withTheControlPlaneDownTheNodeGoes(Scene scene) {
        var device = joined(scene, DELETE);
        scene.simulator().stop();

        deleteAndAwaitTheEnd(scene);
        assertLeftBehind(scene, device.nodeId());
    }

    @Test
    void aControlPlaneThatReturnsInTimeStillLosesTheDevice(Scene scene) {
        var device = joined(scene, DELETE);
        scene.simulator().faults().on("deleteDevice").times(4).status(503);

        deleteAndAwaitTheEnd(scene);
        assertThat(scene.simulator().device(device.nodeId())).isEmpty();
        assertThat(scene.eventReasons("web-1")).contains("DeviceDeleted").doesNotContain("DeviceLeftBehind");
    }

    @Test
    void everythingAtOnceEnds(Scene scene) {
        joined(scene, DELETE);
        scene.delete(TailnetNode.class, "web-1");
        scene.delete(Tailnet.class, "home");
        scene.client().secrets().withName(Scene.SECRET).delete();
        await().atMost(END).until(() -> scene.find(TailnetNode.class, "web-1").isEmpty());
        scene.soon()
                .untilAsserted(() ->
                        assertThat(scene.eventReasons("web-1")).containsAnyOf("DeviceDeleted", "DeviceLeftBehind"));
    }

    /** The nodes are deleted while the operator writes into their statuses that their Tailnet is gone. */
    @Test
    void deletionsThatMeetOurOwnWritesEnd(Scene scene) {
        scene.tailnet("home", "");
        for (int i = 0; i < 40; i++) {
            scene.node("machine-" + i, "hostname: machine-" + i + "\ndeletionPolicy: Delete");
        }
        for (int i = 0; i < 40; i++) {
            scene.awaitCondition(TailnetNode.class, "machine-" + i, "Joined", "False", "DeviceNotFound");
        }
        scene.delete(Tailnet.class, "home");
        scene.client().resources(TailnetNode.class).delete();
        await().atMost(END)
                .untilAsserted(() -> assertThat(scene.list(TailnetNode.class)).isEmpty());
    }

    private static SimDevice joined(Scene scene, String spec) {
        var device = scene.simulator().addDevice(SimDevice.named("web-1"));
        scene.tailnet("home", "");
        scene.node("web-1", spec);
        scene.awaitReady(TailnetNode.class, "web-1");
        return device;
    }

    private static void deleteAndAwaitTheEnd(Scene scene) {
        scene.delete(TailnetNode.class, "web-1");
        await().atMost(END).until(() -> scene.find(TailnetNode.class, "web-1").isEmpty());
    }

    private static void assertLeftBehind(Scene scene, String device) {
        scene.soon()
                .untilAsserted(() -> assertThat(scene.events("web-1"))
                        .filteredOn(event -> event.getReason().equals("DeviceLeftBehind"))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.getType()).isEqualTo("Warning");
                            assertThat(event.getMessage()).contains(device).contains("removed by hand");
                        }));
        assertThat(scene.events("web-1")).extracting(Event::getReason).doesNotContain("DeviceDeleted");
    }
}
