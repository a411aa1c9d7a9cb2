package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.Heard.News;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestDevice;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new list is believed: not against our own later writes, and not when it lost most devices. */
class SnapshotStoreBeliefTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
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

    /** Our own write stands until a poll that began after it says otherwise. */
    @Nested
    class OwnWrites {

        private final Device old = device("1", "web").build();
        private final Device other = device("2", "db").build();

        @Test
        void showsAtOnceAndWakes() {
            poll(old, other);
            heard.since();

            write();

            assertThat(tags()).containsExactly("tag:a");
            assertThat(heard.since()).containsExactly(changed("1"));
        }

        @Test
        void isNotUndoneByAPollThatBeganBefore() {
            poll(old, other);
            var began = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            write();
            heard.since();

            store.listed(HOME, List.of(old, other), began);

            assertThat(tags()).containsExactly("tag:a");
            assertThat(heard.since().stream().flatMap(news -> news.devices().stream()))
                    .isEmpty();
        }

        @Test
        void isNotUndoneByAPollOfTheSameInstant() {
            poll(old, other);
            write();
            store.listed(HOME, List.of(old, other), clock.instant());

            assertThat(tags()).containsExactly("tag:a");
        }

        @Test
        void standsAgainstEveryPollThatBeganBefore() {
            poll(old, other);
            var began = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            write();
            store.listed(HOME, List.of(old, other), began);
            store.listed(HOME, List.of(old, other), began.plusMillis(500));

            assertThat(tags()).containsExactly("tag:a");
        }

        @Test
        void isUndoneByOneThatBeganAfter() {
            poll(old, other);
            write();
            clock.advance(Duration.ofMillis(1));
            heard.since();

            poll(old, other);

            assertThat(tags())
                    .as("somebody put it back: the next plan must see that")
                    .isEmpty();
            assertThat(heard.since()).extracting(News::devices).contains(new TreeSet<>(Set.of("1")));
        }

        @Test
        void writesAddUp() {
            poll(old, other);
            var began = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            write();
            store.deviceWritten(HOME, store.view(HOME).epoch(), "1", device -> device.withName("new"));

            store.listed(HOME, List.of(old, other), began);
            assertThat(seen("1").map(Device::name)).contains("new");
            assertThat(tags()).containsExactly("tag:a");
        }

        @Test
        void aDeletedDeviceIsGoneAtOnceAndStaysGone() {
            poll(old, other);
            var began = clock.instant();
            clock.advance(Duration.ofSeconds(1));
            heard.since();

            store.deviceDeleted(HOME, store.view(HOME).epoch(), "1");
            assertThat(seen("1")).isEmpty();
            assertThat(heard.since()).containsExactly(changed("1"));

            store.listed(HOME, List.of(old, other), began);
            assertThat(seen("1")).isEmpty();

            clock.advance(Duration.ofSeconds(1));
            poll(old, other);
            assertThat(seen("1")).as("it joined again").isPresent();
        }

        @Test
        void aWriteBeforeTheFirstListIsNotLost() {
            var began = clock.instant();
            write();
            store.listed(HOME, List.of(old), began);

            assertThat(tags()).containsExactly("tag:a");
        }

        private void write() {
            store.deviceWritten(
                    HOME, store.view(HOME).epoch(), "1", device -> device.withTags(new TreeSet<>(Set.of("tag:a"))));
        }

        private Set<String> tags() {
            return seen("1").orElseThrow().tags();
        }
    }

    /** A list that lost most devices at once is not believed until it repeats. */
    @Nested
    class SuspectLists {

        @Test
        void anEmptyOneAfterOneDevice() {
            poll(plain("1"));
            poll();

            var view = store.view(HOME);
            assertThat(view.suspectSize()).isZero();
            assertThat(view.devices().size()).isEqualTo(1);
            assertThat(view.pollsWithout("1"))
                    .as("a list not believed proves no absence")
                    .isZero();
        }

        @Test
        void isBelievedWhenItRepeatsOftenEnough() {
            poll(devices(1, 10));
            for (var i = 1; i < SUSPECT_POLLS; i++) {
                poll(devices(1, 4));
                assertThat(store.view(HOME).devices().size()).isEqualTo(10);
                assertThat(store.view(HOME).suspectSize()).isEqualTo(4);
            }

            poll(devices(1, 4));
            assertThat(store.view(HOME).devices().size()).isEqualTo(4);
            assertThat(store.view(HOME).suspectSize()).isNull();
        }

        @Test
        void theWholeListReturnsAndIsBelievedAtOnce() {
            poll(devices(1, 10));
            poll();
            poll();
            heard.since();

            poll(devices(1, 10));
            assertThat(store.view(HOME).suspectSize()).isNull();
            assertThat(store.view(HOME).usableDevices().map(DeviceList::size)).contains(10);
            assertThat(heard.since()).containsExactly(whole());

            poll();
            poll();
            assertThat(store.view(HOME).devices().size())
                    .as("counting began anew")
                    .isEqualTo(10);
        }

        @Test
        void halfIsSuspectAndLessIsAnOrdinaryLoss() {
            poll(devices(1, 10));
            poll(devices(6, 10));
            assertThat(store.view(HOME).devices().size()).isEqualTo(10);
            assertThat(store.view(HOME).suspectSize()).isEqualTo(5);
            poll(devices(5, 10));
            assertThat(store.view(HOME).devices().size()).isEqualTo(6);
            assertThat(store.view(HOME).suspectSize()).isNull();
        }

        @Test
        void twoOfThreeAreAnOrdinaryLossToo() {
            poll(devices(1, 3));
            poll(plain("1"));
            assertThat(store.view(HOME).devices().size()).isEqualTo(1);
        }

        @Test
        void otherDevicesInsteadAreALossAsWell() {
            poll(devices(1, 10));
            poll(devices(11, 20));
            assertThat(store.view(HOME).devices().byId("1")).isPresent();
            assertThat(store.view(HOME).suspectSize()).isEqualTo(10);
        }

        /** A fleet of CI runners ends, or somebody takes back what they shared. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void devicesThatDoNotLastMayGoAllAtOnce(boolean ephemeral) {
            var lasting = devices(1, 20);
            var others = IntStream.rangeClosed(21, 60)
                    .mapToObj(id -> device(String.valueOf(id), "ci-" + id))
                    .map(device -> ephemeral ? device.ephemeral() : device.external())
                    .map(TestDevice::build);
            poll(Stream.concat(Stream.of(lasting), others).toArray(Device[]::new));

            poll(lasting);
            assertThat(store.view(HOME).suspectSize()).isNull();
            assertThat(store.view(HOME).devices().size()).isEqualTo(20);

            poll(devices(11, 20));
            assertThat(store.view(HOME).suspectSize())
                    .as("half of those that last are doubted as ever")
                    .isEqualTo(10);
        }

        @Test
        void devicesThatDoNotLastAreNoReasonToBelieveAListThatLostTheOthers() {
            var fleet = IntStream.rangeClosed(21, 60)
                    .mapToObj(id ->
                            device(String.valueOf(id), "ci-" + id).ephemeral().build());
            var all = fleet.toArray(Device[]::new);
            poll(Stream.concat(Stream.of(devices(1, 20)), Stream.of(all)).toArray(Device[]::new));

            poll(all);
            assertThat(store.view(HOME).suspectSize()).isEqualTo(40);
            poll();
            assertThat(store.view(HOME).suspectSize()).isZero();
        }

        @Test
        void aTailnetOfDevicesThatDoNotLastMayBecomeEmpty() {
            poll(device("1", "ci-1").ephemeral().build());
            poll();
            assertThat(store.view(HOME).devices().size()).isZero();
            assertThat(store.view(HOME).suspectSize()).isNull();
        }

        @Test
        void theOldListGoesOnAgeing() {
            poll(devices(1, 10));
            clock.advance(MAX_AGE.plusSeconds(1));
            poll();

            assertThat(store.view(HOME).freshness()).isEqualTo(Freshness.STALE);
        }

        @Test
        void devicesThatWeRemovedOurselvesAreNoLoss() {
            poll(devices(1, 4));
            IntStream.rangeClosed(1, 3)
                    .forEach(i -> store.deviceDeleted(HOME, store.view(HOME).epoch(), String.valueOf(i)));
            clock.advance(Duration.ofSeconds(1));

            poll(plain("4"));
            assertThat(store.view(HOME).suspectSize()).isNull();
        }
    }

    @Nested
    class Absence {

        @Test
        void isCountedInGoodPolls() {
            poll(plain("1"), plain("2"), plain("3"));
            assertThat(store.view(HOME).pollsWithout("1")).isZero();

            for (var polls = 1; polls < 12; polls++) {
                poll(plain("2"), plain("3"));
                assertThat(store.view(HOME).pollsWithout("1"))
                        .as("after %d polls", polls)
                        .isGreaterThanOrEqualTo(Math.min(polls, 5));
                assertThat(store.view(HOME).pollsWithout("2")).isZero();
            }
        }

        @Test
        void failedPollsDoNotCount() {
            poll(plain("1"), plain("2"));
            poll(plain("2"));
            store.listFailed(HOME, Failing.unavailable());
            store.listFailed(HOME, Failing.unavailable());

            assertThat(store.view(HOME).pollsWithout("1")).isEqualTo(1);
        }

        @Test
        void aDeviceThatReturnsIsThere() {
            poll(plain("1"), plain("2"));
            poll(plain("2"));
            poll(plain("1"), plain("2"));

            assertThat(store.view(HOME).pollsWithout("1")).isZero();
        }
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
