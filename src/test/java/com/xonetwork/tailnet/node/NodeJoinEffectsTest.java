package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.JOIN_KEY_READY;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
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
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a node gets a key, when it is taken back, and what is said of it. */
class NodeJoinEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration AGES = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final FakeControlPlane controlPlane =
            new FakeControlPlane().at(clock).failing("detectCapabilities", Failing.unavailable());
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final FakeEvents events = new FakeEvents();
    private final EventRecorder recorder = new EventRecorder(events.client(), clock);
    private final OneSecret secret = new OneSecret();
    private Looks looks;

    private TestNode wanted = node("web-1").tags("tag:web").joins("1h");
    private boolean keyOut;
    private boolean tailnetGone;

    @BeforeEach
    void watch() {
        looks = looksOn(snapshots);
        poller.watch(
                HOME,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, Map.of(), null));
        snapshots.capabilitiesDetected(HOME, controlPlane.capabilities());
    }

    private Looks looksOn(SnapshotStore store) {
        var memory = Looks.memory(store);
        var keys = new NodeJoinEffects(
                new JoinKeyEffects(secret, clock, store.steady()), recorder, memory, Looks.patience(clock));
        return new Looks(
                store, memory, keys, Looks.effects(store, keys, api.client(), poller, memory, recorder, clock), clock);
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void aNodeThatIsNotInGetsAKeyAndTheCommandForIt() {
        listed();
        var plan = sync();

        assertThat(said(plan)).isEqualTo("True/KeyIssued");
        assertThat(plan.key().status()).isNotNull();
        assertThat(plan.key().status().secretName()).isEqualTo("web-1-join");
        assertThat(plan.key().status().command()).startsWith("tailscale up ").endsWith(" --hostname=web-1");
        assertThat(plan.key().status().keyExpires()).isEqualTo("2026-11-24T11:00:00Z");
        assertThat(plan.lookAgain()).contains(Duration.ofMinutes(45));
        assertThat(keyOut).isTrue();
        assertThat(events.reasons()).containsExactly("JoinKeyIssued");
        assertThat(events.messages().toString() + plan.facts() + plan.key().status())
                .as("the key itself is said nowhere")
                .doesNotContain("secret-of");

        assertThat(sync().key().status()).isEqualTo(plan.key().status());
        assertThat(controlPlane.calls("createJoinKey")).isEqualTo(1);
        assertThat(events.reasons()).hasSize(1);
    }

    /** Whatever is measured wrongly then would make a key that lives for hours, or none that works. */
    @Test
    void whileTheClocksAreHoursApartNoKeyIsMade() {
        for (var ahead : List.of(Duration.ofMinutes(61), Duration.ofDays(-3))) {
            controlPlane.skew(new ClockSkew(ahead, Duration.ofSeconds(1)));
            listed();
            var plan = sync();

            assertThat(said(plan)).isEqualTo("False/ClockTooFarOff");
            assertThat(plan.lookAgain()).contains(Duration.ofSeconds(30));
            assertThat(keyOut).isFalse();
        }
        assertThat(controlPlane.calls("createJoinKey")).isZero();

        controlPlane.skew(new ClockSkew(Duration.ofMinutes(59), Duration.ofSeconds(1)));
        assertThat(said(sync())).isEqualTo("True/KeyIssued");
    }

    /** It is set back while a refusal is waited out: the wait is not longer for that. */
    @Test
    void aClockThatIsSetBackMakesNoPauseLonger() {
        var steady = new ManualClock(NOW);
        var store = new SnapshotStore(clock, steady, 3);
        Connections.connect(store, HOME, controlPlane);
        store.capabilitiesDetected(HOME, controlPlane.capabilities());
        store.listed(HOME, List.of(), clock.instant());
        var own = looksOn(store);
        controlPlane.failing("joinKeys", Failing.rateLimited(Duration.ofSeconds(20)));
        Supplier<NodeOutcome> look = () -> {
            var context = context();
            var node = built();
            return tracked(context, () -> own.at(node, context.context()));
        };
        assertThat(said(look.get())).isEqualTo("False/RateLimited");
        clock.advance(Duration.ofHours(-1));
        steady.advance(Duration.ofSeconds(21));
        controlPlane.recovered("joinKeys");

        assertThat(said(look.get())).isEqualTo("True/KeyIssued");
    }

    @Test
    void inModeObserveThereIsNoKeyAndOneThatIsOutIsTakenBack() {
        wanted = wanted.mode(Mode.OBSERVE);
        listed();
        assertThat(said(sync())).isEqualTo("False/Differs");
        assertThat(controlPlane.calls("createJoinKey")).isZero();
        wanted = wanted.mode(Mode.ENFORCE);
        sync();
        assertThat(keyOut).isTrue();
        wanted = wanted.mode(Mode.OBSERVE);
        assertThat(said(sync())).isEqualTo("False/Differs");
        assertThat(keyOut).isFalse();
        assertThat(secret.recorded).isNull();
    }

    @Test
    void theKeyIsTakenBackWhenNoneMayBeMadeAnyMore() {
        listed();
        sync();
        assertThat(keyOut).isTrue();
        wanted = wanted.ssh("169.254.169.254");
        assertThat(said(sync())).isEqualTo("False/Invalid");
        assertThat(keyOut).isFalse();
        assertThat(secret.recorded).isNull();
        assertThat(controlPlane.liveKeys()).isEmpty();
    }

    @Test
    void theKeyIsTakenBackWhenTheMachineIsIn() {
        listed();
        sync();
        listed(device("1", "web-1").tags("tag:web").build());
        var plan = sync();

        assertThat(said(plan)).isEqualTo("True/Joined");
        assertThat(plan.key().status()).isNull();
        assertThat(controlPlane.liveKeys()).isEmpty();
        assertThat(secret.recorded).isNull();
        assertThat(keyOut).isFalse();

        var calls = callsForTheKey();
        sync();
        assertThat(callsForTheKey()).isEqualTo(calls);
    }

    /** The poller asks what the control plane can do whenever its thread comes to it. */
    private List<String> callsForTheKey() {
        return controlPlane.calls().stream()
                .filter(call -> !call.equals("detectCapabilities"))
                .toList();
    }

    @Test
    void aNodeThatDoesNotAskIsLeftAlone() {
        wanted = node("web-1");
        listed();

        assertThat(sync().facts()).extracting(Fact::type).doesNotContain(JOIN_KEY_READY);
        assertThat(controlPlane.calls("joinKeys")).isZero();
    }

    @Test
    void whoAsksNoLongerHasTheKeyTakenBack() {
        listed();
        sync();
        wanted = node("web-1").tags("tag:web");
        var plan = sync();

        assertThat(plan.facts()).extracting(Fact::type).doesNotContain(JOIN_KEY_READY);
        assertThat(controlPlane.liveKeys()).isEmpty();
        assertThat(keyOut).isFalse();
    }

    @Test
    void noKeyIsMadeOnAListThatIsNotKnown() {
        assertThat(said(sync())).startsWith("Unknown/");
        controlPlane.failing("devices", Failing.unavailable());
        listed();
        clock.advance(AGES.plusDays(1));

        assertThat(said(sync())).isEqualTo("Unknown/SnapshotStale");
        assertThat(controlPlane.calls("createJoinKey")).isZero();
        assertThat(keyOut).isFalse();
    }

    /** Half a list looks like a machine that left. */
    @Test
    void aDeviceThatIsMissingFromOneListGetsNoKey() {
        listed(device("1", "web-1").tags("tag:web").build(), device("2", "db").build());
        sync();
        listed(device("2", "db").build());
        assertThat(said(sync())).isEqualTo("Unknown/Pending");
        assertThat(sync().lookAgain()).isPresent();
        listed(device("2", "db").build());
        assertThat(said(sync())).isEqualTo("Unknown/Pending");
        assertThat(controlPlane.calls("createJoinKey")).isZero();

        listed(device("2", "db").build());
        assertThat(said(sync())).isEqualTo("True/KeyIssued");
    }

    @Test
    void aRefusalIsAskedOnceWhateverTheNumberOfEvents() {
        controlPlane.failing(
                "createJoinKey", Failing.rejected("requested tags [tag:web] are invalid or not permitted"));
        listed();
        for (var event = 0; event < 20; event++) {
            assertThat(said(sync())).isEqualTo("False/Rejected");
        }
        assertThat(controlPlane.calls("createJoinKey")).isEqualTo(1);

        controlPlane.recovered("createJoinKey");
        wanted = node("web-1").tags("tag:db").joins("1h");
        assertThat(said(sync())).as("another wish is tried at once").isEqualTo("True/KeyIssued");
    }

    @Test
    void anOutageIsTriedAgainSoon() {
        controlPlane.failing("joinKeys", Failing.unavailable());
        listed();
        var plan = sync();

        assertThat(said(plan)).isEqualTo("False/ControlPlaneUnavailable");
        assertThat(plan.lookAgain().orElseThrow()).isLessThan(Duration.ofSeconds(5));
        controlPlane.recovered("joinKeys");
        clock.advance(plan.lookAgain().orElseThrow());
        assertThat(said(sync())).isEqualTo("True/KeyIssued");
    }

    @Test
    void aSecretOfSomebodyElseIsLeftAlone() {
        secret.failure = new JoinKeyRecords.NameTaken("web-1-join");
        listed();

        assertThat(said(sync())).isEqualTo("False/SecretTaken");
        assertThat(controlPlane.calls("createJoinKey")).isZero();
    }

    // Deletion

    @Test
    void aNodeThatGoesTakesItsKeyAlong() {
        listed();
        sync();

        assertThat(release()).isEmpty();
        assertThat(controlPlane.liveKeys()).isEmpty();
        assertThat(keyOut).isFalse();
        assertThat(events.reasons()).containsExactly("JoinKeyIssued");
    }

    @Test
    void itDoesNotWaitForEver() {
        listed();
        sync();
        controlPlane.failing("revokeJoinKey", Failing.unavailable());

        assertThat(release()).isPresent();
        assertThat(keyOut).isTrue();
        clock.advance(Looks.PATIENCE);
        assertThat(release()).isEmpty();
        assertThat(keyOut).isFalse();
        assertThat(events.reasons()).endsWith("JoinKeyLeftBehind");
        assertThat(events.messages().getLast()).contains("within an hour", "the service is down");
    }

    @Test
    void aTailnetThatIsGoneDoesNotHoldItUp() {
        listed();
        sync();
        tailnetGone = true;

        assertThat(release()).isEmpty();
        assertThat(events.reasons()).endsWith("JoinKeyLeftBehind");
    }

    @Test
    void aRefusalEndsItAtOnce() {
        listed();
        sync();
        controlPlane.failing("joinKeys", Failing.rejected("such a device cannot be deleted"));

        assertThat(release()).isEmpty();
        assertThat(events.reasons()).endsWith("JoinKeyLeftBehind");
    }

    private void listed(Device... devices) {
        snapshots.listed(HOME, List.of(devices), clock.instant());
    }

    private NodeOutcome sync() {
        var context = context();
        var node = built();
        return tracked(context, () -> looks.at(node, context.context()));
    }

    private Optional<Duration> release() {
        wanted.deleting(NOW.toString());
        var context = context();
        return tracked(context, () -> looks.release(built(), context.context()));
    }

    private <R> R tracked(FakeContext context, Supplier<R> work) {
        try {
            return work.get();
        } finally {
            keyOut = context.finalizersAdded().contains(ApiGroup.JOIN_KEY_FINALIZER)
                    || (keyOut && !context.finalizersRemoved().contains(ApiGroup.JOIN_KEY_FINALIZER));
        }
    }

    private FakeContext context() {
        return new FakeContext(
                NodeCache.of(wanted), tailnetGone ? null : tailnet("home").build());
    }

    private TailnetNode built() {
        var node = wanted.build();
        node.getMetadata().setFinalizers(keyOut ? List.of(ApiGroup.JOIN_KEY_FINALIZER) : List.of());
        return node;
    }

    private static String said(NodeOutcome plan) {
        return plan.facts().stream()
                .filter(fact -> fact.type() == JOIN_KEY_READY)
                .map(fact -> fact.status() + "/" + fact.reason())
                .findFirst()
                .orElse("nothing");
    }

    /** After hundreds of lists: moved, suspended for a while, or without its Secret for a while. */
    @Test
    void aTailnetThatIsConnectedAnewWithholdsNoKeys() {
        var web = device("1", "web-1").tags("tag:web").build();
        IntStream.range(0, 500).forEach(poll -> listed(web));
        assertThat(said(sync())).isEqualTo("True/Joined");

        snapshots.unwatched(HOME);
        snapshots.capabilitiesDetected(HOME, controlPlane.capabilities());
        sync();

        listed();
        assertThat(said(sync())).as("one list may be half of one").isEqualTo("Unknown/Pending");
        IntStream.range(0, 3).forEach(poll -> {
            listed();
            sync();
        });
        assertThat(said(sync())).isEqualTo("True/KeyIssued");
    }
}
