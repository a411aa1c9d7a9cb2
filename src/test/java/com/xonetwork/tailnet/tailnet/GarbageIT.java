package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Devices that nobody owns go, slowly, and no others. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class GarbageIT {

    private static final String COLLECTS =
            "garbageCollection: {tags: [\"tag:ours\"], offlineLongerThan: 1h, maxDeletionsPerHour: 2, maxRatio: %d, dryRun: %s}";

    @Test
    void firstSaidThenDoneAndNoFasterThanAllowed(Scene scene) {
        world(scene, 3, 12);
        scene.simulator().addDevice(dead("owned"));
        scene.node("owned", "hostname: owned");
        scene.simulator().addDevice(dead("of-another").tags("tag:theirs"));
        scene.tailnet("home", COLLECTS.formatted(50, true));
        var would = scene.awaitCondition(Tailnet.class, "home", "GarbageCollection", "True", "DryRun");
        assertThat(would.message())
                .contains("dead-0", "dead-1", "dead-2")
                .doesNotContain("owned", "of-another", "live");
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().writesSince(0)).isEmpty();

        scene.tailnet("home", COLLECTS.formatted(50, false));
        scene.soon().untilAsserted(() -> assertThat(deletions(scene)).isEqualTo(2));
        scene.awaitCondition(Tailnet.class, "home", "GarbageCollection", "True", "Collecting");
        scene.letPollsGoBy(4);
        assertThat(deletions(scene)).as("two an hour").isEqualTo(2);
        assertThat(scene.simulator().devices()).extracting(SimDevice::name).contains("owned", "of-another", "live-0");
        assertThat(scene.eventReasons("home"))
                .filteredOn("DeviceCollected"::equals)
                .hasSize(2);
        assertThat(scene.get(Tailnet.class, "home").getMetadata().getAnnotations())
                .hasEntrySatisfying(
                        ApiGroup.COLLECTED_ANNOTATION,
                        times -> assertThat(times.split(",")).hasSize(2));
    }

    @Test
    void tooManyAtOnceAreHeld(Scene scene) {
        world(scene, 5, 10);
        scene.tailnet("home", COLLECTS.formatted(10, false));
        var held = scene.awaitCondition(Tailnet.class, "home", "GarbageCollection", "False", "CollectionHeld");
        assertThat(held.message()).contains("5 of 15 devices");
        scene.awaitCondition(Tailnet.class, "home", "Stalled", "True", "CollectionHeld");
        scene.letPollsGoBy(4);
        assertThat(deletions(scene)).isZero();
        assertThat(scene.eventReasons("home"))
                .filteredOn("CollectionHeld"::equals)
                .hasSize(1);
    }

    /** What a partial list leaves out may be exactly what shows that something is wrong. */
    @Test
    void nothingGoesOnHalfAList(Scene scene) {
        world(scene, 0, 12);
        scene.tailnet("home", COLLECTS.formatted(50, false));
        scene.awaitCondition(Tailnet.class, "home", "GarbageCollection", "True", "InSync");
        scene.letPollsGoBy(2);

        scene.simulator().faults().on(Scene.LIST).untilCleared().halfList();
        scene.awaitCondition(Tailnet.class, "home", "DevicesListed", "Unknown", "SuspectDeviceList");
        var first = scene.simulator().devices().getFirst();
        scene.simulator()
                .updateDevice(
                        first.nodeId(),
                        device -> device.tags("tag:ours")
                                .connected(false)
                                .lastSeen(Instant.now().minus(Duration.ofDays(1))));
        scene.letPollsGoBy(4);
        assertThat(deletions(scene)).isZero();
    }

    private static long deletions(Scene scene) {
        return scene.ledger().count("deleteDevice");
    }

    private static void world(Scene scene, int dead, int live) {
        for (var i = 0; i < live; i++) {
            scene.simulator().addDevice(SimDevice.named("live-" + i).tags("tag:ours"));
        }
        for (var i = 0; i < dead; i++) {
            scene.simulator().addDevice(dead("dead-" + i));
        }
    }

    private static SimDevice.Builder dead(String name) {
        return SimDevice.named(name)
                .tags("tag:ours")
                .connected(false)
                .lastSeen(Instant.now().minus(Duration.ofDays(1)));
    }
}
