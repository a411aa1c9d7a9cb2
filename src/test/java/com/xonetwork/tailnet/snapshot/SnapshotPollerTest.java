package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller.Plan;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.Failing;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SnapshotPollerTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration AGES = Duration.ofHours(1);
    private static final ControlPlaneSettings SETTINGS = Settings.tailscale(URI.create("https://one.example.com"));
    private static final ControlPlaneSettings NEW_KEY = Settings.tailscaleOAuth(SETTINGS.url());
    private static final ControlPlaneSettings ELSEWHERE = Settings.tailscale(URI.create("https://two.example.com"));

    private final List<FakeControlPlane> connected = new ArrayList<>();
    private final FakeControlPlane first = new FakeControlPlane().with(plain("1"));
    private final FakeControlPlane second = new FakeControlPlane().with(plain("1"), plain("2"));
    private SnapshotStore store;
    private SnapshotPoller poller;

    @BeforeEach
    void make() {
        make(Clock.systemUTC());
    }

    private void make(Clock clock) {
        store = new SnapshotStore(clock, 3);
        poller = new SnapshotPoller(this::connect, store, clock);
    }

    private synchronized FakeControlPlane connect(ControlPlaneSettings settings) {
        connected.add(connected.isEmpty() ? first : second);
        return connected.getLast();
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void listsAgainAndAgainButDetectsCapabilitiesOnce() {
        poller.watch(HOME, SETTINGS, polling(SHORT));

        until(() -> first.calls("devices") >= 3);
        assertThat(store.view(HOME).usableDevices().map(DeviceList::size)).contains(1);
        assertThat(store.view(HOME).capabilities()).isEqualTo(first.capabilities());
        assertThat(first.calls("detectCapabilities")).isEqualTo(1);
        assertThat(first.calls().getFirst()).isEqualTo("detectCapabilities");
    }

    @Test
    void capabilitiesAreAskedAgainOnceInAWhile() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        first.capabilities(EnumSet.of(Capability.DEVICE_TAGS));
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 3);
        assertThat(first.calls("detectCapabilities")).isEqualTo(1);

        first.capabilities(EnumSet.allOf(Capability.class));
        clock.advance(Duration.ofMinutes(16));
        until(() -> store.view(HOME).can(Capability.DEVICE_APPROVAL));
        assertThat(first.calls("detectCapabilities")).isEqualTo(2);
    }

    /** It may have come back as another version, or what answered before was only a proxy. */
    @Test
    void capabilitiesAreAskedAgainAfterAnOutage() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        first.capabilities(EnumSet.of(Capability.DEVICE_TAGS));
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 3);

        first.failing("devices", Failing.unavailable());
        until(() -> store.view(HOME).trouble() != null);
        first.capabilities(EnumSet.allOf(Capability.class));
        clock.advance(Duration.ofSeconds(61));
        still(() -> first.calls("detectCapabilities") == 1);
        first.recovered("devices");
        until(() -> store.view(HOME).can(Capability.DEVICE_APPROVAL));
    }

    @Test
    void aDeviceThatWaitsForAnApprovalThatIsUnknownIsAReasonToAskOnce() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        first.capabilities(EnumSet.of(Capability.DEVICE_TAGS))
                .with(device("2", "db").waiting().build());
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 3);

        clock.advance(Duration.ofSeconds(61));
        until(() -> first.calls("detectCapabilities") == 2);
        clock.advance(Duration.ofSeconds(61));
        still(() -> first.calls("detectCapabilities") == 2);
    }

    /** A proxy may have answered in place of a part, as of the path of the policy check. */
    @Test
    void anAnswerThatLacksSomethingIsAskedForASecondTimeSoon() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        first.capabilities(EnumSet.complementOf(EnumSet.of(Capability.POLICY_VALIDATE)));
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 3);

        clock.advance(Duration.ofSeconds(61));
        until(() -> first.calls("detectCapabilities") == 2);
        clock.advance(Duration.ofSeconds(61));
        still(() -> first.calls("detectCapabilities") == 2);
    }

    @Test
    void aQuestionThatFailsLaterOnKeepsNoListBack() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 1);
        first.failing("detectCapabilities", Failing.unavailable());
        clock.advance(Duration.ofMinutes(16));
        until(() -> first.calls("detectCapabilities") == 2);

        var lists = first.calls("devices");
        until(() -> first.calls("devices") > lists + 2);
        assertThat(store.view(HOME).trouble()).isNull();
        assertThat(store.view(HOME).capabilities()).isEqualTo(EnumSet.allOf(Capability.class));
    }

    @Test
    void oneCallForEachPoll() {
        poller.watch(HOME, SETTINGS, polling(AGES));

        until(() -> first.calls("devices") == 1);
        still(() -> first.calls().equals(List.of("detectCapabilities", "devices")));
    }

    @Test
    void aFirstPollThatFailsDoesNotThrowAndIsTriedAgain() {
        first.failing("detectCapabilities", Failing.unavailable());
        poller.watch(HOME, SETTINGS, polling(SHORT));

        until(() -> store.view(HOME).trouble() != null);
        assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.NEVER);
        assertThat(first.calls("devices"))
                .as("nothing is asked of what cannot be reached")
                .isZero();

        first.recovered("detectCapabilities");
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
        assertThat(store.view(HOME).trouble()).isNull();
    }

    @Test
    void anOutageBacksOff() {
        first.failing("devices", Failing.unavailable());
        poller.watch(HOME, SETTINGS, polling(Duration.ofMillis(20)));

        until(() -> first.calls("devices") >= 2);
        // Each wait is at least half of 20, 40, 80, 160, 320 ms ...; without backoff it would be 25 calls and more.
        still(() -> first.calls("devices") <= 7);
    }

    @Test
    void aRateLimitIsKept() {
        first.failing("devices", Failing.rateLimited(AGES));
        poller.watch(HOME, SETTINGS, polling(SHORT));

        until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.RateLimited);
        still(() -> first.calls("devices") == 1);
    }

    @Test
    void aRateLimitCountsFromTheAnswerNotFromTheQuestion() {
        var clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        make(clock);
        first.during("devices", () -> clock.advance(Duration.ofSeconds(40)))
                .failing("devices", Failing.rateLimited(Duration.ofSeconds(30)));
        poller.watch(HOME, SETTINGS, polling(SHORT));

        until(() -> store.view(HOME).trouble() != null);
        still(() -> first.calls("devices") == 1);
    }

    @Test
    void anythingElseThatIsThrownIsATroubleToo() {
        first.failing("devices", new IllegalStateException("a bug"));
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.Unavailable);

        first.recovered("devices");
        poller.refresh(HOME, DocumentKind.POLICY);
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
    }

    @Test
    void equalSettingsConnectOnce() {
        poller.watch(HOME, SETTINGS, polling(AGES));
        poller.watch(HOME, Settings.tailscale(SETTINGS.url()), polling(AGES));

        assertThat(connected).hasSize(1);
        assertThat(heldBy(HOME)).isSameAs(first);
        assertThat(store.view(HOME).settings()).contains(SETTINGS);
    }

    @Test
    void newCredentialsConnectAnewAndKeepWhatWasSeen() {
        poller.watch(HOME, SETTINGS, polling(AGES));
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
        second.failing("detectCapabilities", Failing.unauthorized());

        poller.watch(HOME, NEW_KEY, polling(AGES));

        until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.Unauthorized);
        assertThat(first.isClosed()).isTrue();
        assertThat(heldBy(HOME)).isSameAs(second);
        assertThat(store.view(HOME).usableDevices())
                .as("it is the same tailnet")
                .isPresent();
    }

    @Test
    void anotherPlaceIsAnotherTailnet() {
        poller.watch(HOME, SETTINGS, polling(AGES));
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
        second.failing("detectCapabilities", Failing.unavailable());

        poller.watch(HOME, ELSEWHERE, polling(AGES));

        until(() -> store.view(HOME).trouble() != null);
        assertThat(store.view(HOME).devices()).isNull();
        assertThat(first.isClosed()).isTrue();
        second.recovered("detectCapabilities");
        poller.refresh(HOME, DocumentKind.POLICY);
        until(() -> store.view(HOME).usableDevices().map(DeviceList::size).orElse(0) == 2);
        assertThat(second.calls("detectCapabilities")).isEqualTo(2);
    }

    @Test
    void settingsThatBreakTheRulesAreRefusedAndChangeNothing() {
        ControlPlaneConnector refusing = settings -> {
            throw Failing.rejected("URL is refused");
        };
        try (var strict = new SnapshotPoller(refusing, store, Clock.systemUTC())) {
            assertThatThrownBy(() -> strict.watch(HOME, SETTINGS, polling(SHORT)))
                    .isInstanceOf(ControlPlaneException.Rejected.class);
            assertThat(store.view(HOME).controlPlane()).isEmpty();
        }
    }

    @Test
    void stopEndsCallsAndKnowledge() {
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 2);

        poller.stop(HOME);
        assertThat(first.isClosed()).isTrue();
        assertThat(store.view(HOME).controlPlane()).isEmpty();
        assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.NEVER);
        // One call may be under way.
        var calls = first.calls("devices") + 1;
        still(() -> first.calls("devices") <= calls && store.view(HOME).devices() == null);
    }

    @Test
    void anAnswerThatComesAfterTheStopIsNotTold() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        first.during("devices", () -> {
            asked.countDown();
            waitFor(answer);
        });
        poller.watch(HOME, SETTINGS, polling(SHORT));
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        poller.stop(HOME);
        answer.countDown();

        still(() -> store.view(HOME).devices() == null);
    }

    /** Whatever another thread reads at whatever moment: a view speaks of the tailnet that its connection leads to. */
    @Test
    void noViewSpeaksOfOneTailnetAndLeadsToAnother() {
        var seen = new ArrayList<String>();
        var there = new FakeControlPlane().failing("detectCapabilities", Failing.unavailable());
        var here = new FakeControlPlane() {
            @Override
            public void close() {
                seen.add(leadsTo(there));
            }
        }.failing("detectCapabilities", Failing.unavailable());
        store.addListener((tailnet, devices, whole) -> seen.add(leadsTo(there)));
        try (var moving =
                new SnapshotPoller(settings -> settings.equals(SETTINGS) ? here : there, store, Clock.systemUTC())) {
            moving.watch(HOME, SETTINGS, polling(AGES));
            store.listed(HOME, List.of(plain("3")), Instant.now());
            var decidedOn = store.view(HOME);

            moving.watch(HOME, ELSEWHERE, polling(AGES));

            assertThat(seen).isNotEmpty().doesNotContain("elsewhere with devices");
            assertThat(decidedOn.isOutdated()).isTrue();
            assertThatThrownBy(() ->
                            decidedOn.controlPlane().orElseThrow().devices().delete("3"))
                    .isInstanceOf(ControlPlaneException.ConnectionEnded.class);
            assertThat(store.view(HOME).epoch()).isGreaterThan(decidedOn.epoch());
            assertThat(store.view(HOME).proven()).isFalse();
        }
    }

    private String leadsTo(FakeControlPlane elsewhere) {
        var view = store.view(HOME);
        return (view.connection() != null && view.connection().held() == elsewhere ? "elsewhere" : "here")
                + (view.devices() == null ? "" : " with devices");
    }

    /** With "-", another key of the shared service can be one of another tailnet. */
    @Test
    void whereTheCredentialsSayWhichTailnetItIsOtherOnesAreAnother() {
        var shared = URI.create("https://api.tailscale.com");
        poller.watch(HOME, Settings.tailscale(shared), polling(AGES));
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
        second.failing("detectCapabilities", Failing.unauthorized());

        poller.watch(HOME, Settings.tailscaleOAuth(shared), polling(AGES));

        assertThat(store.view(HOME).devices()).isNull();
    }

    /** Nobody would look at the tailnet again, and nothing would say so. */
    @Test
    void anErrorDoesNotEndThePolls() {
        first.during("devices", () -> {
            if (first.calls("devices") == 1) {
                throw new StackOverflowError("a bug");
            }
        });
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.Unavailable);

        poller.refresh(HOME, DocumentKind.POLICY);
        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
    }

    @Test
    void aListenerThatThrowsDoesNotEndThePolls() {
        poller.watch(HOME, SETTINGS, polling(AGES));
        until(() -> first.calls("devices") == 1);
        store.addListener((tailnet, devices, whole) -> {
            throw new IllegalStateException("a bug");
        });
        first.with(plain("2"));

        poller.pollSoon(HOME, Set.of());
        until(() -> first.calls("devices") == 2);
        poller.refresh(HOME, DocumentKind.POLICY);
        until(() -> first.calls("devices") == 3);
    }

    private FakeControlPlane heldBy(TailnetKey tailnet) {
        return (FakeControlPlane) store.view(tailnet).connection().held();
    }

    @Test
    void aUsersRequestIsFollowedAtOnceAndReadsThePolicyToo() {
        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), "1"));
        until(() -> first.calls("devices") == 1);
        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), "1"));
        still(() -> first.calls("devices") == 1);

        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), "2"));
        until(() -> first.calls("devices") == 2 && first.calls("policy") == 2);
    }

    @Test
    void aShorterIntervalDoesNotWaitForTheEndOfTheLongerOne() {
        poller.watch(HOME, SETTINGS, polling(AGES));
        until(() -> first.calls("devices") == 1);

        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 3);
    }

    @Test
    void thePolicyIsReadOnlyWhenWanted() {
        first.policy("{}");
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> first.calls("devices") >= 5);
        assertThat(first.calls("policy")).isZero();
        assertThat(store.view(HOME).document(DocumentKind.POLICY).isRead()).isFalse();

        poller.watch(HOME, SETTINGS, new Plan(SHORT, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        until(() -> store.view(HOME).document(DocumentKind.POLICY).isRead());
        assertThat(store.view(HOME).document(DocumentKind.POLICY).document()).isNotNull();

        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> !store.view(HOME).document(DocumentKind.POLICY).isRead());
    }

    @Test
    void thePolicyIsKnownWhenTheFirstListIs() {
        first.policy("{}");
        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        until(() -> first.calls("devices") == 1);
        assertThat(first.calls()).containsExactly("detectCapabilities", "policy", "devices");
    }

    @Test
    void thePolicyIsReadAtItsOwnInterval() {
        first.policy("{}");
        poller.watch(HOME, SETTINGS, new Plan(SHORT, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        until(() -> first.calls("devices") >= 5);
        assertThat(first.calls("policy")).isEqualTo(1);

        poller.watch(HOME, SETTINGS, new Plan(SHORT, AGES, Map.of(DocumentKind.POLICY, Duration.ofMillis(1)), null));
        until(() -> first.calls("policy") >= 3);
    }

    @Test
    void aPolicyThatTurnedOutToBeAnotherIsReadAtOnce() {
        first.policy("{}");
        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        until(() -> store.view(HOME).document(DocumentKind.POLICY).isRead());

        first.policy("{\"acls\": []}");
        poller.refresh(HOME, DocumentKind.POLICY);
        until(() ->
                store.view(HOME).document(DocumentKind.POLICY).document().text().contains("acls"));
    }

    @Test
    void aPolicyThatCannotBeReadKeepsNoDeviceFromBeingListed() {
        first.failing("policy", Failing.forbidden());
        poller.watch(HOME, SETTINGS, new Plan(SHORT, AGES, Map.of(DocumentKind.POLICY, AGES), null));

        until(() -> store.view(HOME).freshness() == Freshness.FRESH);
        assertThat(store.view(HOME).trouble()).isNull();
        assertThat(store.view(HOME).document(DocumentKind.POLICY).trouble())
                .isInstanceOf(ControlPlaneException.Forbidden.class);

        first.recovered("policy").policy("{}");
        until(() -> store.view(HOME).document(DocumentKind.POLICY).isRead());
        assertThat(store.view(HOME).document(DocumentKind.POLICY).trouble()).isNull();
    }

    @Test
    void aHintIsFollowedAtOnce() {
        first.policy("{}");
        poller.watch(HOME, SETTINGS, new Plan(AGES, AGES, Map.of(DocumentKind.POLICY, AGES), null));
        until(() -> first.calls("devices") == 1);

        poller.pollSoon(HOME, Set.of());
        until(() -> first.calls("devices") == 2);
        still(() -> first.calls("devices") == 2 && first.calls("policy") == 1);

        poller.pollSoon(HOME, Set.of(DocumentKind.POLICY));
        until(() -> first.calls("devices") == 3 && first.calls("policy") == 2);
        poller.pollSoon(new TailnetKey("net", "unknown"), Set.of(DocumentKind.POLICY));
    }

    /** Else whoever sends webhooks could keep the operator hammering on a service that is down, or asked for patience. */
    @Test
    void hintsDoNotShortenTheRestAfterAFailure() {
        first.failing("devices", Failing.rateLimited(AGES));
        poller.watch(HOME, SETTINGS, polling(SHORT));
        until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.RateLimited);

        for (int hint = 0; hint < 100; hint++) {
            poller.pollSoon(HOME, Set.of(DocumentKind.POLICY));
        }

        still(() -> first.calls("devices") == 1);
    }

    private static Plan polling(Duration interval) {
        return new Plan(interval, AGES, Map.of(), null);
    }

    private static void until(BooleanSupplier condition) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(10))
                .until(condition::getAsBoolean);
    }

    /** Holds now and goes on holding: as long as a call too many would take to show. */
    private static void still(BooleanSupplier condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .during(Duration.ofMillis(250))
                .atMost(Duration.ofSeconds(10))
                .failFast("it did not last", () -> !condition.getAsBoolean())
                .until(condition::getAsBoolean);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
