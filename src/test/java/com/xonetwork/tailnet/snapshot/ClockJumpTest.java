package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.Failing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is set, or stands still with the machine: nothing is decided on what is old, and polling goes on. */
@Timeout(30)
class ClockJumpTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration MAX_AGE = Duration.ofMinutes(3);

    private final ManualClock wall = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final ManualClock steady = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore store = new SnapshotStore(wall, steady, 3);

    private void pass(Duration time) {
        wall.advance(time);
        steady.advance(time);
    }

    @Nested
    class Ages {

        private void listedNow() {
            store.setMaxAge(HOME, MAX_AGE);
            store.listed(HOME, List.of(plain("1")), store.now());
        }

        @Test
        void aListDoesNotGetYoungerWhenTheClockIsSetBack() {
            listedNow();
            wall.advance(Duration.ofHours(-1));
            pass(MAX_AGE);
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.FRESH);

            pass(Duration.ofSeconds(1));
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.STALE);
            assertThat(store.view(HOME).usableDevices()).isEmpty();
        }

        @Test
        void aClockThatIsSetForwardMakesItOldUntilTheNext() {
            listedNow();
            wall.advance(Duration.ofHours(1));
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.STALE);

            listedNow();
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.FRESH);
        }

        /** The machine was suspended between the question and the answer: the steady clock saw nothing of it. */
        @Test
        void anAnswerThatWaitedInASuspendedMachineIsOld() {
            store.setMaxAge(HOME, MAX_AGE);
            var asked = store.now();
            wall.advance(Duration.ofHours(1));
            store.listed(HOME, List.of(plain("1")), asked);

            assertThat(store.view(HOME).usableDevices()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(longs = {-1, 1})
        void ownWritesHoldUntilAPollThatBeganLater(long hours) {
            listedNow();
            var before = store.now();
            wall.advance(Duration.ofHours(hours));
            pass(Duration.ofSeconds(1));
            store.deviceDeleted(HOME, store.view(HOME).epoch(), "1");
            store.documentWritten(HOME, store.view(HOME).epoch(), DocumentKind.POLICY, new PolicyDocument("ours", "1"));

            store.listed(HOME, List.of(plain("1")), before);
            store.documentRead(
                    HOME, DocumentKind.POLICY, Optional.of(new PolicyDocument("theirs", "0")), before.steady());
            assertThat(store.view(HOME).devices().size()).isZero();
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document().text())
                    .isEqualTo("ours");

            pass(Duration.ofSeconds(1));
            store.listed(HOME, List.of(plain("1")), store.now());
            store.documentRead(
                    HOME,
                    DocumentKind.POLICY,
                    Optional.of(new PolicyDocument("theirs", "2")),
                    store.now().steady());
            assertThat(store.view(HOME).devices().size()).isEqualTo(1);
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document().text())
                    .isEqualTo("theirs");
        }
    }

    @Test
    void aJumpIsNoticed() {
        var before = store.now();
        pass(Duration.ofHours(5));
        assertThat(store.now().jumpSince(before)).isEmpty();
        wall.advance(Duration.ofHours(-1));
        assertThat(store.now().jumpSince(before)).contains(Duration.ofHours(-1));
        wall.advance(Duration.ofHours(3));
        assertThat(store.now().jumpSince(before)).contains(Duration.ofHours(2));
    }

    @Nested
    class Polls {

        private final FakeControlPlane controlPlane =
                new FakeControlPlane().with(plain("1")).policy("{}");

        @ParameterizedTest
        @ValueSource(longs = {-1, 1})
        void goOn(long hours) {
            controlPlane.during("devices", () -> wall.advance(Duration.ofHours(hours)));
            try (var poller = new SnapshotPoller(settings -> controlPlane, store, steady)) {
                poller.watch(
                        HOME,
                        Settings.tailscale(URI.create("https://one.example.com")),
                        new SnapshotPoller.Plan(
                                Duration.ofMillis(10),
                                MAX_AGE,
                                Map.of(DocumentKind.POLICY, Duration.ofMillis(1)),
                                null));
                await().until(() -> {
                    steady.advance(Duration.ofMillis(1));
                    return controlPlane.calls("devices") > 5 && controlPlane.calls("policy") > 3;
                });

                controlPlane.during("devices", () -> wall.advance(Duration.ofHours(hours)));
                controlPlane.failing("devices", Failing.unavailable());
                await().until(() -> store.view(HOME).trouble() != null);
                controlPlane.recovered("devices");
                await().until(() -> store.view(HOME).trouble() == null);
            }
        }
    }
}
