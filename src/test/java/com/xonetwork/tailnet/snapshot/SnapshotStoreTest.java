package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.Heard.News;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final TailnetKey OFFICE = new TailnetKey("net", "office");
    private static final Duration MAX_AGE = Duration.ofMinutes(3);
    private static final int SUSPECT_POLLS = 3;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore store = new SnapshotStore(clock, SUSPECT_POLLS);
    private final Heard heard = new Heard();

    @BeforeEach
    void listen() {
        store.addListener(heard);
        store.setMaxAge(HOME, MAX_AGE);
    }

    /** Unknown is not absent. */
    @Nested
    class FailedPolls {

        @Test
        void beforeTheFirstPollNothingIsKnown() {
            var view = store.view(OFFICE);
            assertThat(view.freshness()).isEqualTo(Freshness.PENDING);
            assertThat(view.usableDevices()).isEmpty();
            assertThat(heard.since()).isEmpty();
        }

        @Test
        void anEmptyListIsKnownToBeEmpty() {
            poll();
            assertThat(store.view(HOME).usableDevices().map(DeviceList::size)).contains(0);
        }

        @Test
        void aFirstPollThatFailedIsNoEmptyList() {
            store.listFailed(HOME, Failing.unavailable());

            var view = store.view(HOME);
            assertThat(view.freshness()).isEqualTo(Freshness.NEVER);
            assertThat(view.usableDevices()).isEmpty();
            assertThat(view.trouble()).isInstanceOf(ControlPlaneException.Unavailable.class);
            assertThat(heard.since()).containsExactly(whole());
        }

        @Test
        void theListStaysAndAgesToStale() {
            poll(plain("1"));
            clock.advance(MAX_AGE);
            store.listFailed(HOME, Failing.unavailable());
            assertThat(store.view(HOME).usableDevices().map(DeviceList::size)).contains(1);

            clock.advance(Duration.ofSeconds(1));
            store.listFailed(HOME, Failing.unavailable());
            var view = store.view(HOME);
            assertThat(view.freshness()).isEqualTo(Freshness.STALE);
            assertThat(view.usableDevices()).isEmpty();
            assertThat(view.devices().byId("1"))
                    .as("for the status it is still there")
                    .isPresent();
        }

        @Test
        void aListAgesAlsoWhileNoPollEnds() {
            poll(plain("1"));
            heard.since();
            clock.advance(MAX_AGE.plusSeconds(1));

            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.STALE);
            assertThat(heard.since()).as("who decided on it has to look again").containsExactly(whole());
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.STALE);
            assertThat(heard.since()).as("said once").isEmpty();
        }

        @Test
        void aGoodPollMakesItFreshAgainAndWakesAll() {
            poll(plain("1"));
            clock.advance(MAX_AGE.plusSeconds(1));
            store.listFailed(HOME, Failing.unavailable());
            heard.since();

            poll(plain("1"));
            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.FRESH);
            assertThat(store.view(HOME).trouble()).isNull();
            assertThat(heard.since()).containsExactly(whole());
        }

        @Test
        void theAgeIsThatOfTheRequest() {
            var asked = clock.instant();
            clock.advance(MAX_AGE.plusSeconds(1));
            store.listed(HOME, List.of(plain("1")), asked);

            assertThat(store.view(HOME).freshness())
                    .as("an answer that took so long is old when it arrives")
                    .isEqualTo(Freshness.STALE);
        }

        @Test
        void theSameTroubleAgainIsNoNews() {
            poll(plain("1"));
            store.listFailed(HOME, new ControlPlaneException.Unavailable(503, "request 1 failed", null));
            heard.since();

            store.listFailed(HOME, new ControlPlaneException.Unavailable(503, "request 2 failed", null));
            assertThat(heard.since()).isEmpty();
            store.listFailed(HOME, new ControlPlaneException.Unavailable(500, "request 3 failed", null));
            assertThat(heard.since()).containsExactly(whole());
            store.listFailed(HOME, Failing.unauthorized());
            assertThat(heard.since()).containsExactly(whole());
        }
    }

    /** A poll wakes only what its changes concern. */
    @Nested
    class Waking {

        @BeforeEach
        void settled() {
            poll(device("1", "a").build(), device("2", "b").build());
            poll(device("1", "a").build(), device("2", "b").build());
            heard.since();
        }

        @Test
        void aPollThatFoundNothingNewIsSilent() {
            poll(device("2", "b").build(), device("1", "a").build());
            assertThat(heard.since()).isEmpty();
        }

        @Test
        void lastSeenAloneIsNoNews() {
            poll(
                    device("1", "a").lastSeen(clock.instant()).build(),
                    device("2", "b").build());

            assertThat(heard.since()).isEmpty();
            assertThat(store.view(HOME).devices().byId("1").orElseThrow().lastSeen())
                    .as("metrics still see it")
                    .isEqualTo(clock.instant());
        }

        @Test
        void onlyTheChangedDeviceIsNamed() {
            poll(device("1", "a").offline().build(), device("2", "b").build());
            assertThat(heard.since()).containsExactly(changed("1"));
        }

        @Test
        void oneThatCameAndOneThatWent() {
            poll(device("1", "a").build(), device("3", "c").build());
            assertThat(heard.since()).containsExactly(changed("2", "3"));
        }

        @Test
        void aSecondPollWithoutADeviceIsNewsForWhoRemovesItsNode() {
            poll(device("1", "a").build());
            heard.since();

            poll(device("1", "a").build());
            assertThat(heard.since()).containsExactly(changed());
            poll(device("1", "a").build());
            assertThat(heard.since()).isEmpty();
        }

        @Test
        void capabilitiesConcernTheWholeTailnet() {
            store.capabilitiesDetected(HOME, Set.of(Capability.POLICY));
            assertThat(heard.since()).containsExactly(whole());
            store.capabilitiesDetected(HOME, Set.of(Capability.POLICY));
            assertThat(heard.since()).isEmpty();
        }

        @Test
        void otherTailnetsAreNotConcerned() {
            store.listed(OFFICE, List.of(plain("9")), clock.instant());
            assertThat(heard.since())
                    .singleElement()
                    .satisfies(news -> assertThat(news.tailnet()).isEqualTo(OFFICE));
            assertThat(store.view(HOME).devices().size()).isEqualTo(2);
        }

        @Test
        void whoLeftHearsNothing() {
            store.removeListener(heard);
            poll();
            assertThat(heard.since()).isEmpty();
        }
    }

    @Nested
    class Policy {

        private final PolicyDocument ours = new PolicyDocument("{}", "e2");
        private final PolicyDocument theirs = new PolicyDocument("{\"acls\":[]}", "e1");

        @Test
        void neverSetIsNotUnread() {
            assertThat(store.view(HOME).document(DocumentKind.POLICY).isRead()).isFalse();
            store.documentRead(HOME, DocumentKind.POLICY, Optional.empty(), clock.instant());
            assertThat(store.view(HOME).document(DocumentKind.POLICY).isRead()).isTrue();
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .isNull();
            assertThat(heard.since()).containsExactly(whole());
        }

        @Test
        void aReadThatBeganBeforeOurWriteDoesNotUndoIt() {
            var began = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            store.documentWritten(HOME, store.view(HOME).epoch(), DocumentKind.POLICY, ours);
            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), began);
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .isEqualTo(ours);

            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), clock.instant());
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .as("of the same instant")
                    .isEqualTo(ours);
        }

        @Test
        void aReadThatBeganAfterIsTheTruth() {
            store.documentWritten(HOME, store.view(HOME).epoch(), DocumentKind.POLICY, ours);
            clock.advance(Duration.ofMillis(1));
            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), clock.instant());

            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .isEqualTo(theirs);
        }

        @Test
        void aFailedReadKeepsWhatIsKnownUntilTheNextOne() {
            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), clock.instant());
            store.documentReadFailed(HOME, DocumentKind.POLICY, Failing.forbidden());
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .isEqualTo(theirs);
            assertThat(store.view(HOME).document(DocumentKind.POLICY).trouble())
                    .isInstanceOf(ControlPlaneException.Forbidden.class);

            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), clock.instant());
            assertThat(store.view(HOME).document(DocumentKind.POLICY).trouble()).isNull();
        }

        @Test
        void thatIsNotReadAnyMoreIsUnknown() {
            store.documentRead(HOME, DocumentKind.POLICY, Optional.of(theirs), clock.instant());
            heard.since();

            store.documentsWatched(HOME, Set.of());
            assertThat(store.view(HOME).document(DocumentKind.POLICY).isRead()).isFalse();
            assertThat(store.view(HOME).document(DocumentKind.POLICY).document())
                    .isNull();
            assertThat(heard.since()).containsExactly(whole());
            store.documentsWatched(HOME, Set.of());
            assertThat(heard.since()).isEmpty();
        }
    }

    @Test
    void anUnwatchedTailnetIsUnknownNotPending() {
        poll(plain("1"));
        heard.since();
        store.unwatched(HOME);

        assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.NEVER);
        assertThat(store.view(HOME).devices()).isNull();
        assertThat(heard.since()).extracting(News::whole).containsExactly(true);
    }

    @Test
    void twoTailnetsThatShareAnOwnDeviceAreOne() {
        poll(plain("1"), device("2", "shared").external().build());
        store.listed(OFFICE, List.of(device("2", "shared").build(), plain("3")), clock.instant());
        assertThat(store.shareDevice(HOME, OFFICE))
                .as("shared in is not the same tailnet")
                .isFalse();

        store.listed(OFFICE, List.of(plain("1"), plain("3")), clock.instant());
        assertThat(store.shareDevice(HOME, OFFICE)).isTrue();
        assertThat(store.shareDevice(HOME, new TailnetKey("net", "unknown"))).isFalse();
    }

    private void poll(Device... devices) {
        store.listed(HOME, Stream.of(devices).toList(), clock.instant());
    }

    private static Device[] devices(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> plain(String.valueOf(i)))
                .toArray(Device[]::new);
    }

    private Optional<Device> seen(String id) {
        return store.view(HOME).devices().byId(id);
    }

    private static News whole() {
        return new News(HOME, new TreeSet<>(), true);
    }

    private static News changed(String... ids) {
        return new News(HOME, new TreeSet<>(List.of(ids)), false);
    }
}
