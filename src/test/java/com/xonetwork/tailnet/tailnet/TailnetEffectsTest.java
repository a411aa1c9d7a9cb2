package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.PolicyMetrics;
import com.xonetwork.tailnet.policy.PolicyEffects;
import com.xonetwork.tailnet.policy.PolicyMemory;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import com.xonetwork.tailnet.testing.NodeCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The parts of one plan: their order, and that none keeps another from its turn. */
class TailnetEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration AGES = Duration.ofDays(1000);

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final FakeControlPlane controlPlane = new FakeControlPlane();
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final List<String> order = new ArrayList<>();
    private Tailnet home;
    private TailnetEffects effects;
    private GarbageGatherer garbage;
    private PolicyGatherer policies;

    @BeforeEach
    void connect() {
        home = tailnet("home")
                .tailscale("https://example.com", "-")
                .deviceImport(DeviceImport.ALL)
                .garbageCollection(new GarbageCollectionSpec(List.of("tag:ours"), "1h", 2, 50, false))
                .build();
        api.has(home);
        var memory = new PolicyMemory(new TailnetDocument.Keeping(snapshots, poller, clock, Duration.ofMinutes(10)));
        var events = new EventRecorder(new FakeEvents().client(), clock);
        var budget = new GarbageBudget(snapshots, clock);
        garbage = new GarbageGatherer(snapshots, NodeCache.of(), budget, clock);
        policies = new PolicyGatherer(memory);
        effects = new TailnetEffects(
                new PolicyEffects(memory, events, new PolicyMetrics(new SimpleMeterRegistry())),
                new ImportEffects(api.client()),
                new GarbageEffects(snapshots, budget, events),
                garbage,
                new AnnotationEffects(api.client()));
        poller.watch(
                HOME,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        await().until(() -> snapshots.view(HOME).document(DocumentKind.POLICY).isRead());
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    private static Device live(int i) {
        return device("live" + i, "live-" + i).build();
    }

    /** Nothing is removed after a first list. */
    private void listed(Device... devices) {
        for (var poll = 0; poll < 2; poll++) {
            clock.advance(Duration.ofSeconds(1));
            snapshots.listed(HOME, List.of(devices), clock.instant());
        }
    }

    private TailnetOutcome look() {
        var scope = new TailnetScope(
                home,
                List.of(home),
                List.of(policy("base").build()),
                List.of(),
                List.of(),
                RouteIntents.of(List.of(), List.of()));
        var view = snapshots.view(HOME);
        var claims = new Claims(List.of(), view.devices());
        var imports = new ImportInput(HOME, DeviceImport.ALL, view, List.of(), List.of(), claims);
        var input = new TailnetInput(
                scope,
                view,
                claims,
                policies.gather(scope, view, claims, imports),
                imports,
                garbage.gather(home, List.of()),
                Fact.yes(ConditionType.WEBHOOK_READY, Reason.NOT_MANAGED, "none"));
        return effects.perform(input, TailnetPlanner.plan(input));
    }

    private static Fact fact(TailnetOutcome outcome, ConditionType type) {
        return outcome.facts().stream()
                .filter(fact -> fact.type() == type)
                .findFirst()
                .orElseThrow();
    }

    /** A tag has its owner before a node can carry it. */
    @Test
    void thePolicyIsPublishedBeforeADeviceIsImported() {
        listed(live(1));
        api.before("POST", "tailnetnodes", () -> order.add("import after " + controlPlane.calls("publishPolicy")));

        var outcome = look();

        assertThat(order).containsExactly("import after 1");
        assertThat(api.get(TailnetNode.class, "net", "live-1")).isNotNull();
        assertThat(fact(outcome, ConditionType.POLICY_IN_SYNC).reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(fact(outcome, ConditionType.DEVICES_IMPORTED).reason()).isEqualTo(Reason.IMPORTED);
        assertThat(outcome.nextTry()).isEmpty();
        assertThat(outcome.isInRace()).isFalse();
    }

    @Test
    void eachFactIsToldOnce() {
        listed(live(1));
        assertThat(look().facts())
                .extracting(Fact::type)
                .containsExactlyInAnyOrderElementsOf(ConditionType.factsOf(Tailnet.class));
    }

    @Test
    void aPolicyThatIsRefusedKeepsNoDeviceFromItsNode() {
        controlPlane.failing("publishPolicy", Failing.forbidden());
        listed(live(1));

        var outcome = look();

        assertThat(api.get(TailnetNode.class, "net", "live-1")).isNotNull();
        assertThat(fact(outcome, ConditionType.POLICY_IN_SYNC).status()).isEqualTo("False");
        assertThat(fact(outcome, ConditionType.DEVICES_IMPORTED).reason()).isEqualTo(Reason.IMPORTED);
        assertThat(outcome.nextTry()).contains(Duration.ofMinutes(10));
    }

    @Test
    void anImportThatFailsIsToldAndKeepsNothingElseFromItsTurn() {
        api.refuses("POST", "tailnetnodes", 403, "no");
        var dead = device("dead", "dead")
                .tags("tag:ours")
                .offline()
                .lastSeen(NOW.minus(Duration.ofDays(9)))
                .build();
        listed(Stream.concat(IntStream.range(0, 5).mapToObj(TailnetEffectsTest::live), Stream.of(dead))
                .toArray(Device[]::new));

        var outcome = look();

        assertThat(fact(outcome, ConditionType.DEVICES_IMPORTED).reason()).isEqualTo(Reason.IMPORT_FAILED);
        assertThat(outcome.isInRace()).isTrue();
        assertThat(fact(outcome, ConditionType.POLICY_IN_SYNC).reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(outcome.facts())
                .extracting(Fact::type)
                .contains(ConditionType.GARBAGE_COLLECTION, ConditionType.WEBHOOK_READY);
    }
}
