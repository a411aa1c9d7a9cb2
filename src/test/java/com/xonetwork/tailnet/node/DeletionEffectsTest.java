package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.node.DeletionPlan.Part;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.FakeContext;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A deletion always ends, and says what it left behind. */
class DeletionEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration AGES = Duration.ofHours(1);

    private final ManualClock clock = new ManualClock(NOW);
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final FakeControlPlane controlPlane = new FakeControlPlane();
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final FakeEvents events = new FakeEvents();
    private final DeletionPatience patience = new DeletionPatience(clock, PATIENCE);
    private final EventRecorder recorder = new EventRecorder(events.client(), clock);
    private final DeletionGatherer gatherer = new DeletionGatherer(snapshots);
    private final DeletionEffects deletion = new DeletionEffects(
            Looks.keys(snapshots, new OneSecret(), recorder, Looks.memory(snapshots), clock),
            new DeviceEffects(snapshots),
            recorder,
            patience);

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void takesTheDeviceAlong() {
        known(device("1", "web-1").build(), device("2", "db").build());

        var end = delete(node("web-1"));

        assertThat(end.letGo()).isTrue();
        assertThat(controlPlane.device("1")).isEmpty();
        assertThat(controlPlane.device("2")).isPresent();
        assertThat(events.reasons()).containsExactly("DeviceDeleted");
    }

    @Test
    void takesAPinnedDeviceAlongWhateverItIsCalled() {
        known(device("1", "web-1").build(), device("2", "db").build());

        assertThat(delete(node("web-1").deviceId("2")).letGo()).isTrue();
        assertThat(controlPlane.device("1")).isPresent();
        assertThat(controlPlane.device("2")).isEmpty();
    }

    @Test
    void withoutTheFinalizerNothingIsAsked() {
        known(device("1", "web-1").build());
        var unfinalized = node("web-1").deleting(NOW.toString()).build();
        unfinalized.getMetadata().setFinalizers(List.of());
        var context =
                new FakeContext(NodeCache.of(node("web-1")), tailnet("home").build());

        perform(unfinalized, context);

        assertThat(context.finalizersRemoved()).isEmpty();
        assertThat(controlPlane.device("1")).isPresent();
    }

    @Test
    void retainLeavesTheDeviceAndSaysNothing() {
        known(device("1", "web-1").build());

        assertThat(delete(node("web-1"), DeletionPolicy.RETAIN).letGo()).isTrue();
        assertThat(controlPlane.device("1")).isPresent();
        assertThat(events.reasons()).isEmpty();
    }

    @Test
    void aDeviceThatIsGoneAlreadyIsASuccess() {
        known(device("2", "db").build());

        assertThat(delete(node("web-1")).letGo()).isTrue();
        assertThat(controlPlane.calls("deleteDevice")).isZero();
        assertThat(events.reasons()).isEmpty();
    }

    @Test
    void aTailnetThatIsGoneDoesNotHoldItUp() {
        var context = new FakeContext(NodeCache.of(node("web-1")), null);

        var end = delete(node("web-1").deleting(NOW.toString()), context);

        assertThat(end.letGo()).isTrue();
        leftBehind("Tailnet home does not exist any more");
    }

    @Test
    void isDoneOnceHoweverOftenItIsAskedForUntilTheNodeIsGone() {
        var node = node("web-1").deleting(NOW.toString()).build();
        var context = new FakeContext(NodeCache.of(node("web-1")), null);
        var gone = new DeletionPlan(snapshots.view(HOME), new Part.Nothing(), new Part.Leave("it is gone"));
        var asked = new AtomicInteger();
        Supplier<DeletionPlan> leaves = () -> {
            asked.incrementAndGet();
            return gone;
        };
        var waits = deletion.perform(
                node,
                context.context(),
                () -> new DeletionPlan(snapshots.view(HOME), new Part.Nothing(), new Part.Wait("it is not known")));
        assertThat(waits.getScheduleDelay()).isPresent();

        deletion.perform(node, context.context(), leaves);
        deletion.perform(node, context.context(), leaves);
        assertThat(asked).hasValue(1);
        assertThat(events.reasons()).containsExactly("DeviceLeftBehind");

        deletion.forget(node);
        deletion.perform(node, context.context(), leaves);
        assertThat(asked).hasValue(2);
    }

    @Test
    void timeInWhichNoOperatorRanDoesNotCount() {
        var deletedLongAgo = node("web-1").deleting(NOW.minus(AGES).toString());
        var context =
                new FakeContext(NodeCache.of(node("web-1")), tailnet("home").build());

        assertThat(delete(deletedLongAgo, context).letGo()).isFalse();

        known(device("1", "web-1").build());
        assertThat(delete(deletedLongAgo, context).letGo()).isTrue();
        assertThat(controlPlane.device("1")).isEmpty();
        assertThat(events.reasons()).containsExactly("DeviceDeleted");
    }

    @Test
    void unknownDevicesAreWaitedForButNotForEver() {
        var early = delete(node("web-1"));
        assertThat(early.letGo()).isFalse();
        assertThat(early.again()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
        assertThat(events.reasons()).isEmpty();

        clock.advance(PATIENCE);
        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("not known");
    }

    @Test
    void anOutageIsWaitedForButNotForEver() {
        known(device("1", "web-1").build());
        controlPlane.failing("deleteDevice", Failing.unavailable());

        assertThat(delete(node("web-1")).letGo()).isFalse();
        clock.advance(PATIENCE);
        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("the service is down");
    }

    /** Hundreds are deleted at once, and the call budget lets some through each second. */
    @Test
    void aTurnThatTheOperatorWaitsForIsNoOutage() {
        known(device("1", "web-1").build());
        controlPlane.failing(
                "deleteDevice", new ControlPlaneException.RateLimited(0, "held back", Duration.ofSeconds(42)));

        for (var turn = 0; turn < 10; turn++) {
            var end = delete(node("web-1"));
            assertThat(end.letGo()).isFalse();
            assertThat(end.again()).isEqualTo(Duration.ofSeconds(42));
            clock.advance(PATIENCE);
        }
        assertThat(events.reasons()).isEmpty();

        controlPlane.recovered("deleteDevice");
        assertThat(delete(node("web-1")).letGo()).isTrue();
        assertThat(controlPlane.device("1")).isEmpty();
        assertThat(events.reasons()).containsExactly("DeviceDeleted");
    }

    @Test
    void aTurnThatNeverComesIsNotWaitedForForEver() {
        known(device("1", "web-1").build());
        controlPlane.failing(
                "deleteDevice", new ControlPlaneException.RateLimited(0, "many are under way", Duration.ofSeconds(42)));

        assertThat(delete(node("web-1")).letGo()).isFalse();
        clock.advance(DeletionPatience.LONGEST_HELD_BACK);
        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("many are under way");
    }

    /** No call is made then either, but it is known why. */
    @Test
    void callsThatAreNotMadeBecauseNoneIsAnsweredAreAnOutage() {
        known(device("1", "web-1").build());
        controlPlane.failing(
                "deleteDevice",
                ControlPlaneException.RateLimited.unanswered("it did not answer", Duration.ofSeconds(5)));

        assertThat(delete(node("web-1")).letGo()).isFalse();
        clock.advance(PATIENCE);
        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("it did not answer");
    }

    /** The one that is tried first does not use up the time of the one that is tried last. */
    @Test
    void eachNodeHasItsOwnTime() {
        known(device("1", "web-1").build(), device("2", "web-2").build());
        controlPlane.failing("deleteDevice", Failing.unavailable());
        assertThat(delete(node("web-1")).letGo()).isFalse();

        clock.advance(PATIENCE);
        assertThat(delete(node("web-2")).letGo()).isFalse();
    }

    @Test
    void credentialsMayBeMendedMeanwhile() {
        known(device("1", "web-1").build());
        controlPlane.failing("deleteDevice", Failing.forbidden());

        assertThat(delete(node("web-1")).letGo()).isFalse();
        assertThat(events.reasons()).isEmpty();
        clock.advance(PATIENCE);
        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("enough permissions");
    }

    @Test
    void aRefusalEndsItAtOnce() {
        known(device("1", "web-1").build());
        controlPlane.failing("deleteDevice", Failing.rejected("such a device cannot be deleted"));

        assertThat(delete(node("web-1")).letGo()).isTrue();
        leftBehind("such a device cannot be deleted");
    }

    @Test
    void ofSeveralOfThatNameNoneIsTaken() {
        known(
                device("1", "web-1").build(),
                device("2", "web-1-1").hostname("web-1").build());

        assertThat(delete(node("web-1")).letGo()).isTrue();
        assertThat(controlPlane.calls("deleteDevice")).isZero();
        leftBehind("several devices are called web-1 (1, 2)");
    }

    @Test
    void aDeviceThatBelongsToAnotherNodeStays() {
        known(device("1", "web-1").build());
        var older = node("older").hostname("web-1").created("2020-01-01T00:00:00Z");

        assertThat(delete(node("web-1"), older).letGo()).isTrue();
        assertThat(controlPlane.calls("deleteDevice")).isZero();
    }

    @Test
    void aDeviceSharedInStays() {
        known(device("1", "web-1").external().build());

        assertThat(delete(node("web-1")).letGo()).isTrue();
        assertThat(controlPlane.calls("deleteDevice")).isZero();
    }

    private void leftBehind(String why) {
        assertThat(events.reasons()).containsExactly("DeviceLeftBehind");
        assertThat(events.messages().getFirst()).contains("web-1", "removed by hand", why);
    }

    private void known(Device... devices) {
        controlPlane.with(devices);
        poller.watch(
                HOME,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, Map.of(), null));
        snapshots.listed(HOME, Stream.of(devices).toList(), clock.instant());
    }

    private record End(boolean letGo, Duration again) {}

    private End delete(TestNode dying, TestNode... others) {
        dying.deleting(NOW.toString());
        var all = Stream.concat(Stream.of(dying), Stream.of(others)).toArray(TestNode[]::new);
        return delete(dying, new FakeContext(NodeCache.of(all), tailnet("home").build()));
    }

    private End delete(TestNode dying, DeletionPolicy policy) {
        dying.deleting(NOW.toString()).deletionPolicy(policy);
        return delete(
                dying, new FakeContext(NodeCache.of(dying), tailnet("home").build()));
    }

    private UpdateControl<TailnetNode> perform(TailnetNode node, FakeContext context) {
        return deletion.perform(
                node, context.context(), () -> DeletionPlanner.plan(gatherer.gather(node, context.context())));
    }

    private End delete(TestNode dying, FakeContext context) {
        var update = perform(dying.build(), context);
        return new End(
                !context.finalizersRemoved().isEmpty(),
                update.getScheduleDelay().map(Duration::ofMillis).orElse(Duration.ZERO));
    }
}
