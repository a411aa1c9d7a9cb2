package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestDevice;
import com.xonetwork.tailnet.testing.TestTailnet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removing, one after the other, within the budget of any hour, whatever process does it. */
class GarbageEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration AGES = Duration.ofDays(30);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final ManualClock clock = new ManualClock(NOW);
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final FakeControlPlane controlPlane =
            new FakeControlPlane().failing("detectCapabilities", Failing.unavailable());
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final FakeEvents events = new FakeEvents();
    private final TestTailnet home = collecting("home");
    private final List<Device> devices = new ArrayList<>();
    private final Around around = new Around(home);
    private Operator garbage = new Operator();

    /** What there is around the devices of one Tailnet. */
    private static final class Around {
        private final TestTailnet tailnet;
        private String noted;
        private Runnable whileNoting = () -> {};

        Around(TestTailnet tailnet) {
            this.tailnet = tailnet;
        }

        void note(String times) {
            whileNoting.run();
            noted = times;
        }
    }

    /** One process. */
    private final class Operator {
        private final GarbageBudget budget = new GarbageBudget(snapshots, clock);
        private final GarbageGatherer gatherer = new GarbageGatherer(snapshots, NodeCache.of(), budget, clock);
        private final GarbageEffects effects =
                new GarbageEffects(snapshots, budget, new EventRecorder(events.client(), clock));

        Fact collect(Around around) {
            var plan = GarbagePlanner.plan(gather(around));
            return effects.perform(around.tailnet.build(), plan, () -> gather(around), around::note);
        }

        private GarbageInput gather(Around around) {
            return gatherer.gather(around.tailnet.build(), List.of());
        }
    }

    private static TestTailnet collecting(String name) {
        return tailnet(name).garbageCollection(new GarbageCollectionSpec(List.of("tag:ours"), "1h", 2, 50, false));
    }

    private void watch(TailnetKey tailnet) {
        poller.watch(
                tailnet,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, Map.of(), null));
        // Its own poll fails, once: what the store knows then comes from the test alone.
        await().until(() -> snapshots.view(tailnet).trouble() != null);
    }

    @BeforeEach
    void watch() {
        watch(HOME);
        IntStream.range(0, 20).forEach(i -> devices.add(TestDevice.plain("live-" + i)));
        IntStream.range(0, 6).forEach(i -> devices.add(dead(i)));
        devices.forEach(controlPlane::with);
        listed();
        listed();
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    private static Device dead(int i) {
        return device("dead-" + i, "dead-" + i)
                .tags("tag:ours")
                .offline()
                .lastSeen(NOW.minus(Duration.ofDays(9)).plusSeconds(i))
                .build();
    }

    private void listed() {
        listed(HOME);
    }

    private void listed(TailnetKey tailnet) {
        snapshots.listed(tailnet, List.copyOf(devices), clock.instant());
    }

    @Test
    void twoAnHourAndEachWithAnEvent() {
        assertThat(said(garbage.collect(around))).isEqualTo("True/Collecting");
        for (var visit = 0; visit < 10; visit++) {
            garbage.collect(around);
        }

        assertThat(controlPlane.calls())
                .filteredOn(call -> call.startsWith("deleteDevice"))
                .containsExactly("deleteDevice dead-0", "deleteDevice dead-1");
        assertThat(events.reasons()).containsExactly("DeviceCollected", "DeviceCollected");
        assertThat(events.messages().getFirst()).contains("dead-0", "tag:ours", "2026-11-15T10:00:00Z");

        clock.advance(Duration.ofHours(1).plusSeconds(1));
        garbage.collect(around);
        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(4);
    }

    @Test
    void anotherProcessGoesOnWithTheSameBudget() {
        garbage.collect(around);
        garbage = new Operator();
        home.collectedAt(around.noted);
        clock.advance(Duration.ofMinutes(30));
        garbage.collect(around);
        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(2);

        clock.advance(Duration.ofMinutes(31));
        garbage.collect(around);
        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(4);
    }

    @Test
    void theTimeIsNotedBeforeTheDeviceGoes() {
        around.whileNoting = () -> {
            throw new IllegalStateException("no API server");
        };
        try {
            garbage.collect(around);
        } catch (IllegalStateException e) {
            // as it should
        }
        assertThat(controlPlane.calls("deleteDevice")).isZero();
    }

    /** Killed between the note and the removal. */
    @Test
    void whatWasNotedAndNotDoneIsNotNotedAgain() {
        controlPlane.failing("deleteDevice", Failing.unavailable());
        garbage.collect(around);
        var noted = around.noted;
        assertThat(noted).isEqualTo("2026-11-24T10:00:00Z dead-0");

        controlPlane.recovered("deleteDevice");
        garbage = new Operator();
        home.collectedAt(noted);
        clock.advance(Duration.ofMinutes(1));
        garbage.collect(around);
        assertThat(controlPlane.device("dead-0")).isEmpty();
        // It was counted before: the budget has a place left, which the next look finds.
        garbage.collect(around);
        assertThat(around.noted).isEqualTo("2026-11-24T10:00:00Z dead-0,2026-11-24T10:01:00Z dead-1");
        assertThat(controlPlane.device("dead-0")).isEmpty();
        assertThat(controlPlane.device("dead-1")).isEmpty();
    }

    @Test
    void anotherTailnetsDeviceOfTheSameIdIsAnotherDevice() {
        controlPlane.failing("deleteDevice", Failing.unavailable());
        garbage.collect(around);
        controlPlane.recovered("deleteDevice");

        var away = new TailnetKey("net", "away");
        watch(away);
        listed(away);
        listed(away);
        var elsewhere = new Around(collecting("away").collectedAt("2026-11-24T10:00:00Z dead-0"));
        garbage.collect(elsewhere);
        garbage.collect(elsewhere);
        assertThat(elsewhere.noted).isEqualTo("2026-11-24T10:00:00Z dead-0,2026-11-24T10:00:00Z dead-1");
    }

    @Test
    void anAnnotationThatCannotBeReadCountsAsJustNow() {
        home.collectedAt("yesterday, 2026-11-24T09:30:00Z");
        garbage.collect(around);

        assertThat(controlPlane.calls("deleteDevice")).isZero();
    }

    @Test
    void aFailureIsSaidAndUsesTheBudgetToo() {
        controlPlane.failing("deleteDevice", Failing.unavailable());
        for (var visit = 0; visit < 10; visit++) {
            garbage.collect(around);
        }

        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(2);
        garbage = new Operator();
        assertThat(said(garbage.collect(around))).isEqualTo("False/ControlPlaneUnavailable");
        assertThat(events.reasons()).isEmpty();
    }

    /** The list of before the first removal is not what the second is decided on. */
    @Test
    void aMachineThatComesBackMeanwhileStays() {
        around.whileNoting = () -> {
            devices.removeIf(device -> device.id().equals("dead-1"));
            devices.add(device("dead-1", "dead-1").tags("tag:ours").build());
            listed();
        };
        garbage.collect(around);

        assertThat(controlPlane.device("dead-1")).isPresent();
        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(1);

        // Its part of the budget is the next one's, at the next look.
        around.whileNoting = () -> {};
        garbage.collect(around);
        assertThat(controlPlane.device("dead-1")).isPresent();
        assertThat(controlPlane.device("dead-2")).isEmpty();
        assertThat(controlPlane.calls("deleteDevice")).isEqualTo(2);
    }

    private static String said(Fact fact) {
        return fact.status() + "/" + fact.reason();
    }
}
