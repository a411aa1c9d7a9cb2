package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.imported;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.simulator.TickingClock;
import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.FakeContext;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gathering, planning, doing and remembering, look by look. */
class NodeEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration AGES = Duration.ofDays(1);

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    // Its own polls fail, so that what the store knows comes from the test alone.
    private final FakeControlPlane controlPlane = new FakeControlPlane()
            .with(device("1", "web-1").build())
            .failing("detectCapabilities", Failing.unavailable());
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final FakeEvents events = new FakeEvents();
    private final EventRecorder recorder = new EventRecorder(events.client(), clock);
    private Looks looks;

    private Mode mode = Mode.ENFORCE;
    private final TestNode wanted = node("web-1").tags("tag:a");

    @BeforeEach
    void watch() {
        looks = looksOn(snapshots);
        poller.watch(
                HOME,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, Map.of(), null));
        snapshots.setMaxAge(HOME, AGES);
        snapshots.capabilitiesDetected(HOME, controlPlane.capabilities());
        snapshots.listed(HOME, List.of(device("1", "web-1").build()), clock.instant());
    }

    private Looks looksOn(SnapshotStore store) {
        var memory = Looks.memory(store);
        var keys = Looks.keys(store, new OneSecret(), recorder, memory, clock);
        var effects = new NodeEffects(
                store,
                keys,
                Looks.files(api.client(), clock),
                Looks.machines(api.client(), clock),
                poller,
                memory,
                recorder);
        return new Looks(store, memory, keys, effects, clock);
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void whatWasDoneIsReportedAsDoneAtOnceAndNotDoneAgain() {
        assertThat(tags(sync())).isEqualTo("True/InSync");
        var plan = sync();
        assertThat(tags(plan)).isEqualTo("True/InSync");

        assertThat(controlPlane.calls("setTags")).isEqualTo(1);
        assertThat(events.reasons()).containsExactly("DeviceChanged");
        assertThat(events.messages().getFirst())
                .isEqualTo("The operator set the tags of device 1 to tag:a. Before: none.");
        assertThat(plan.lookAgain()).isEmpty();
    }

    @Test
    void aRefusalIsAskedOnceWhateverTheNumberOfEvents() {
        controlPlane.failing("setTags", Failing.rejected("requested tags [tag:a] are invalid or not permitted"));
        for (var event = 0; event < 20; event++) {
            assertThat(tags(sync())).isEqualTo("False/TagNotOwned");
        }
        assertThat(controlPlane.calls("setTags")).isEqualTo(1);
        assertThat(sync().lookAgain()).contains(Duration.ofMinutes(10));
        assertThat(events.reasons()).isEmpty();

        clock.advance(Duration.ofMinutes(10));
        controlPlane.recovered("setTags");
        assertThat(tags(sync())).isEqualTo("True/InSync");
    }

    /** A look may begin in any moment, and takes time: it must not leave a write for which nobody looks again. */
    @Test
    void whatIsHeldBackIsLookedForAgainWheneverItsRestEnds() {
        for (var early = 0; early < 40; early++) {
            var slowStore = new SnapshotStore(clock, new TickingClock(clock), 3);
            Connections.connect(slowStore, HOME, controlPlane);
            slowStore.capabilitiesDetected(HOME, controlPlane.capabilities());
            slowStore.listed(HOME, List.of(device("1", "web-1").build()), clock.instant());
            var slow = looksOn(slowStore);
            controlPlane.failing("setTags", Failing.rateLimited(Duration.ofSeconds(2)));
            var refused = sync(slow, wanted);
            controlPlane.recovered("setTags");
            clock.advance(refused.lookAgain().orElseThrow().minusMillis(early));

            var plan = sync(slow, wanted);

            assertThat(plan.fact(ConditionType.TAGS_IN_SYNC).isTrue()
                            || plan.lookAgain().isPresent())
                    .as(
                            "looked %d ms before the end of the rest: %s, looks again %s",
                            early, tags(plan), plan.lookAgain())
                    .isTrue();
        }
    }

    /** As of a machine that was installed anew, when what was left over of it is removed. */
    @Test
    void aNameThatBecameFreeIsAskedForAtOnce() {
        wanted.said("2");
        var again = device("2", "web-1-1").hostname("web-1").build();
        controlPlane.with(again).failing("setName", Failing.rejected("node name is not unique"));
        snapshots.listed(HOME, List.of(device("1", "web-1").build(), again), clock.instant());
        sync();
        sync();
        assertThat(controlPlane.calls("setName")).isEqualTo(1);

        controlPlane.recovered("setName");
        snapshots.listed(HOME, List.of(again), clock.instant());
        sync();
        assertThat(controlPlane.calls("setName")).isEqualTo(2);
    }

    /** Of a machine that was installed anew. */
    @Test
    void theFormerDeviceMakesWayForTheNewOne() {
        sync();
        controlPlane.with(
                device("1", "web-1").build(),
                device("2", "web-1-1").hostname("web-1").build());
        var joined = clock.instant();
        wanted.ssh("192.0.2.10").said("2").was("1");
        var former = device("1", "web-1").tags("tag:a").offline().lastSeen(joined.minusSeconds(60));
        var again = device("2", "web-1-1").hostname("web-1").tags("tag:a").created(joined);
        snapshots.listed(HOME, List.of(former.build(), again.build()), clock.instant());

        var plan = sync();
        assertThat(plan.fact(ConditionType.NAME_IN_SYNC).isTrue()).isTrue();
        assertThat(names()).containsExactly("1 web-1-replaced-1", "2 web-1");
        assertThat(controlPlane.calls("deleteDevice")).isZero();
        assertThat(events.reasons())
                .as("nobody has changed the name of the new device")
                .containsExactly("DeviceChanged", "FormerDeviceRenamed", "DeviceChanged");
        assertThat(events.messages().get(1))
                .isEqualTo(
                        "renamed device 1 from web-1 to web-1-replaced-1, so that device 2 can have the name. The machine was"
                                + " device 1. It says that it is device 2 now. Device 1 was last seen before that one joined. It stays"
                                + " in the tailnet, with its tags and approved routes. Remove it if nobody needs it");

        sync();
        assertThat(controlPlane.calls("setName")).isEqualTo(2);
    }

    /** Whoever else wrote a node that could mean the device has a say in its name; what the operator imported has none. */
    @Test
    void aFormerDeviceOfAnotherNodeIsLeftAlone() {
        var joined = clock.instant();
        wanted.ssh("192.0.2.10").said("2").was("1");
        controlPlane.with(device("2", "web-1-1").hostname("web-1").build());
        var former = device("1", "web-1").offline().lastSeen(joined.minusSeconds(60));
        var again = device("2", "web-1-1").hostname("web-1").created(joined);
        snapshots.listed(HOME, List.of(former.build(), again.build()), clock.instant());
        controlPlane.failing("setName", Failing.rejected("node name is not unique"));
        for (var other : List.of(
                node("theirs").hostname(null).deviceId("1"),
                node("theirs").hostname("web-1"),
                imported("theirs", "1").hostname("web-1"))) {
            var plan = sync(wanted, other);
            assertThat(plan.fact(ConditionType.JOINED).message()).contains("TailnetNode theirs also matches device");
        }
        assertThat(names()).containsOnly("2 web-1");

        sync(wanted, imported("theirs", "1"));
        assertThat(names()).contains("1 web-1-replaced-1");
    }

    @Test
    void aFormerDeviceThatCannotBeRenamedIsAskedOnceAndAHumanIsTold() {
        wanted.ssh("192.0.2.10").said("2").was("1");
        controlPlane.with(device("2", "web-1-1").hostname("web-1").build());
        controlPlane.failing("setName", Failing.rejected("node name is not unique"));
        var joined = clock.instant();
        var former = device("1", "web-1").offline().lastSeen(joined.minusSeconds(60));
        var again = device("2", "web-1-1").hostname("web-1").created(joined);
        snapshots.listed(HOME, List.of(former.build(), again.build()), clock.instant());
        for (var event = 0; event < 20; event++) {
            var plan = sync();
            assertThat(plan.fact(ConditionType.NAME_IN_SYNC).reason()).isEqualTo(Reason.REJECTED);
            assertThat(plan.fact(ConditionType.JOINED).message())
                    .contains("Remove from the tailnet those that nobody uses");
        }
        assertThat(names()).containsExactly("1 web-1-replaced-1", "2 web-1");

        controlPlane.recovered("setName");
        var renamedByHand = device("1", "old-web").hostname("web-1").offline().lastSeen(joined.minusSeconds(60));
        snapshots.listed(HOME, List.of(renamedByHand.build(), again.build()), clock.instant());
        sync();
        assertThat(names()).endsWith("2 web-1");
        assertThat(controlPlane.calls("setName")).as("at once").isEqualTo(3);
    }

    @Test
    void aNodeThatIsGoneIsForgotten() {
        controlPlane.failing("setTags", Failing.rejected("not permitted"));
        sync();
        looks.forget(wanted.build());
        controlPlane.recovered("setTags");

        assertThat(tags(sync())).as("tried at once").isEqualTo("True/InSync");
    }

    @Test
    void withoutAConnectionNothingIsDone() {
        poller.close();

        assertThat(tags(sync())).isEqualTo("False/ControlPlaneUnavailable");
        assertThat(controlPlane.calls("setTags")).isZero();
    }

    @Test
    void whatSomebodyElseChangesIsPutRightWithOneEventEach() {
        sync();
        changedElsewhere("tag:other");

        assertThat(tags(sync())).isEqualTo("True/InSync");
        sync();

        assertThat(controlPlane.calls("setTags")).isEqualTo(2);
        assertThat(events.reasons()).containsExactly("DeviceChanged", "DriftCorrected");
        assertThat(events.messages().getLast())
                .isEqualTo(
                        "Somebody else changed the tags of device 1 to tag:other. The operator set them back to tag:a.");
    }

    @Test
    void inModeObserveItIsReportedOnceAndLeft() {
        mode = Mode.ENFORCE;
        sync();
        mode = Mode.OBSERVE;
        sync();
        changedElsewhere("tag:other");

        assertThat(tags(sync())).isEqualTo("False/Differs");
        sync();
        sync();

        assertThat(controlPlane.calls("setTags")).isEqualTo(1);
        assertThat(events.reasons()).containsExactly("DeviceChanged", "DriftFound");
        assertThat(events.messages().getLast())
                .isEqualTo(
                        "Somebody else changed the tags of device 1 to tag:other. Wanted: tag:a. The operator leaves them so,"
                                + " because mode is Observe.");
    }

    @Test
    void aFightIsGivenUpAfterThreeRoundsAndSaysWithWhat() {
        sync();
        for (var round = 0; round < 6; round++) {
            clock.advance(Duration.ofSeconds(20));
            changedElsewhere("tag:other");
            sync();
        }
        clock.advance(Duration.ofHours(1));
        snapshots.listed(HOME, List.of(device("1", "web-1").tags("tag:other").build()), clock.instant());

        assertThat(tags(sync())).isEqualTo("False/Contested");
        assertThat(controlPlane.calls("setTags")).isEqualTo(4);
        assertThat(message(sync()))
                .startsWith("lion@example.com (USER) through ADMIN_CONSOLE keeps changing the tags to tag:other.");
        assertThat(controlPlane.calls("lastEditor")).isEqualTo(1);

        wanted.tags("tag:b");
        assertThat(tags(sync())).as("another wish is another matter").isEqualTo("True/InSync");
    }

    /** By its new name the device can be one that an older node means. */
    @Test
    void aDeviceThatIsAnothersByItsNewNameIsToldAtOnce() {
        wanted.deviceId("1");
        var old = device("1", "db").build();
        controlPlane.with(old);
        snapshots.listed(HOME, List.of(old), clock.instant());

        var plan = sync(wanted, node("older").hostname("web-1").created("2025-01-01T00:00:00Z"));

        assertThat(names()).containsExactly("1 web-1");
        assertThat(plan.fact(ConditionType.JOINED).reason()).isEqualTo(Reason.DUPLICATE_NODE);
        assertThat(plan.fact(ConditionType.JOINED).message()).contains("TailnetNode older");
    }

    @Test
    void theMachineGetsARunWhenItHasAKey() {
        wanted.ssh("192.0.2.10");
        snapshots.listed(HOME, List.of(device("2", "db").build()), clock.instant());

        var outcome = sync();

        assertThat(outcome.fact(ConditionType.JOIN_KEY_READY).reason()).isEqualTo(Reason.KEY_ISSUED);
        assertThat(outcome.facts().getFirst())
                .as("what is being done is the first thing to know")
                .returns(ConditionType.MACHINE_IN_SYNC, Fact::type)
                .returns(Reason.PROGRESSING, Fact::reason);
        assertThat(api.writes())
                .containsExactly(
                        "PATCH automationtemplates/web-1-join",
                        "PATCH automationtemplates/web-1-machine",
                        "POST automationruns");
        assertThat(outcome.lookAgain()).contains(Duration.ofMinutes(45));
    }

    @Test
    void aMachineWhoseKeyIsRefusedGetsNoRun() {
        wanted.ssh("192.0.2.10");
        controlPlane.failing("createJoinKey", Failing.rejected("requested tags [tag:a] are not permitted"));
        snapshots.listed(HOME, List.of(device("2", "db").build()), clock.instant());

        var outcome = sync();

        assertThat(outcome.fact(ConditionType.JOIN_KEY_READY).reason()).isEqualTo(Reason.REJECTED);
        assertThat(outcome.fact(ConditionType.MACHINE_IN_SYNC).reason()).isEqualTo(Reason.PENDING);
        assertThat(api.writes()).doesNotContain("POST automationruns");
        assertThat(outcome.lookAgain()).contains(Looks.REJECTED_RETRY);
    }

    /** Of another connection's devices nothing was wanted before. */
    @Test
    void whatDiffersOnAnotherConnectionIsNobodysDoing() {
        sync();
        Connections.connect(snapshots, HOME, controlPlane);
        snapshots.capabilitiesDetected(HOME, controlPlane.capabilities());
        changedElsewhere("tag:other");

        sync();
        assertThat(events.reasons()).containsExactly("DeviceChanged", "DeviceChanged");
    }

    private void changedElsewhere(String... tags) {
        clock.advance(Duration.ofSeconds(1));
        snapshots.listed(HOME, List.of(device("1", "web-1").tags(tags).build()), clock.instant());
    }

    private static String message(NodeOutcome plan) {
        return plan.fact(ConditionType.TAGS_IN_SYNC).message();
    }

    private List<String> names() {
        return controlPlane.calls().stream()
                .filter(call -> call.startsWith("setName "))
                .map(call -> call.substring("setName ".length()))
                .toList();
    }

    private NodeOutcome sync() {
        return sync(wanted);
    }

    private NodeOutcome sync(TestNode... nodes) {
        return sync(looks, nodes);
    }

    private NodeOutcome sync(Looks all, TestNode... nodes) {
        var context =
                new FakeContext(NodeCache.of(nodes), tailnet("home").mode(mode).build());
        return all.at(wanted.build(), context.context());
    }

    private static String tags(NodeOutcome plan) {
        var fact = plan.fact(ConditionType.TAGS_IN_SYNC);
        return fact.status() + "/" + fact.reason();
    }
}
