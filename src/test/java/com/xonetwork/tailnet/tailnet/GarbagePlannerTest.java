package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestDevice;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is nobody's, and how much of it goes. */
class GarbagePlannerTest {

    private static final Instant NOW = TestView.TAKEN_AT;
    private static final Duration LONG = Duration.ofHours(800);

    @Test
    void withoutTheSettingNothingIsRemoved() {
        var plan = plan(null, TestView.of(garbage("1")));

        assertThat(said(plan)).isEqualTo("True/NotManaged");
        assertThat(plan.remove()).isEmpty();
    }

    @Test
    void byDefaultItOnlySaysWhatItWouldDo() {
        var plan =
                plan(new GarbageCollectionSpec(List.of("tag:ours"), null, null, null, null), TestView.of(garbage("1")));

        assertThat(said(plan)).isEqualTo("True/DryRun");
        assertThat(fact(plan).message()).contains("host-1 (1)");
        assertThat(plan.remove()).isEmpty();
    }

    /** By a clock that is a month ahead, every device was last seen a month ago. */
    @Test
    void whileTheClocksDifferNothingIsRemoved() {
        for (var ahead : List.of(Duration.ofMinutes(2), Duration.ofDays(31), Duration.ofDays(-31))) {
            var plan = plan(collecting(5, 50), TestView.of(garbage("1")).clockAhead(ahead));

            assertThat(said(plan)).isEqualTo("False/ClockSkew");
            assertThat(fact(plan).message()).contains("ClockInSync");
            assertThat(plan.remove()).isEmpty();
        }
    }

    static Stream<TestDevice> notGarbage() {
        return Stream.of(
                device("1", "connected").tags("tag:ours").lastSeen(NOW.minus(LONG)),
                device("1", "never-seen").tags("tag:ours").offline(),
                device("1", "gone-for-a-day").tags("tag:ours").offline().lastSeen(NOW.minus(Duration.ofDays(1))),
                device("1", "at-the-limit").tags("tag:ours").offline().lastSeen(NOW.minus(Duration.ofHours(720))),
                device("1", "tag-of-another").tags("tag:theirs").offline().lastSeen(NOW.minus(LONG)),
                device("1", "without-tags").offline().lastSeen(NOW.minus(LONG)),
                device("1", "shared-in").tags("tag:ours").external().offline().lastSeen(NOW.minus(LONG)));
    }

    @ParameterizedTest
    @MethodSource
    void notGarbage(TestDevice device) {
        var plan = plan(collecting(5, 50), TestView.of(device.build()));

        assertThat(said(plan)).isEqualTo("True/InSync");
        assertThat(plan.remove()).isEmpty();
    }

    @Test
    void whatATailnetNodeStandsForStays() {
        var plan = GarbagePlanner.plan(
                new GarbageInput(collecting(5, 50), TestView.of(garbage("1")).build(), Set.of("1"), List.of(), NOW));

        assertThat(plan.remove()).isEmpty();
    }

    /** What is said is true when it is said: of what went, and of what turned out to be wanted, it speaks no more. */
    @Test
    void afterwardsOnlyThoseAreNamedThatAreLeft() {
        var devices = new ArrayList<Device>(healthy(20));
        devices.add(garbage("1"));
        devices.add(garbage("2"));
        var after = plan(collecting(1, 50), TestView.of(devices)).after();

        assertThat(after.apply(Set.of()).message()).contains("(1)", "(2)");
        assertThat(after.apply(Set.of("1")).message()).contains("(2)").doesNotContain("(1)");
        assertThat(after.apply(Set.of("1", "2")).reason()).isEqualTo(Reason.IN_SYNC);
    }

    @Test
    void rightBeforeItGoesADeviceIsLookedAtAgain() {
        var healthy = healthy(20);
        var there = new ArrayList<Device>(healthy);
        there.add(garbage("1"));
        var goes = garbage("1");
        var spec = collecting(1, 50);

        assertThat(GarbagePlanner.stillMayGo(input(spec, TestView.of(there), Set.of(), List.of()), goes))
                .isTrue();
        assertThat(GarbagePlanner.stillMayGo(input(spec, TestView.of(healthy), Set.of(), List.of()), goes))
                .as("gone meanwhile")
                .isFalse();
        assertThat(GarbagePlanner.stillMayGo(input(spec, TestView.of(there), Set.of("1"), List.of()), goes))
                .as("a node was made for it")
                .isFalse();
        assertThat(GarbagePlanner.stillMayGo(input(spec, TestView.of(there), Set.of(), List.of(NOW)), goes))
                .as("the budget is used")
                .isFalse();
        assertThat(GarbagePlanner.stillMayGo(input(spec, TestView.of(there).suspect(1), Set.of(), List.of()), goes))
                .as("the list is doubted")
                .isFalse();
    }

    private static GarbageInput input(
            GarbageCollectionSpec spec, TestView view, Set<String> wanted, List<Instant> deletions) {
        return new GarbageInput(spec, view.build(), wanted, deletions, NOW);
    }

    @Test
    void theLongestGoneGoFirstAndNoMoreThanTheBudget() {
        var devices = new ArrayList<Device>();
        for (var i = 0; i < 4; i++) {
            devices.add(device(String.valueOf(i), "old-" + i)
                    .tags("tag:ours", "tag:x")
                    .offline()
                    .lastSeen(NOW.minus(LONG).minusSeconds(i))
                    .build());
        }
        devices.addAll(healthy(20));
        var plan = plan(collecting(3, 50), TestView.of(devices));

        assertThat(plan.remove()).extracting(Device::id).containsExactly("3", "2", "1");
        assertThat(said(plan)).isEqualTo("True/Collecting");

        var used = List.of(NOW.minusSeconds(3599), NOW.plusSeconds(60), NOW.minusSeconds(3600));
        assertThat(plan(collecting(3, 50), TestView.of(devices), used).remove())
                .as("removals within the hour count, also those of a clock that was ahead")
                .hasSize(1);
    }

    @Test
    void moreThanTheRatioIsHeld() {
        var devices = new ArrayList<>(healthy(17));
        devices.addAll(List.of(garbage("a"), garbage("b"), garbage("c")));

        assertThat(said(plan(collecting(5, 15), TestView.of(devices)))).isEqualTo("True/Collecting");
        var held = plan(collecting(5, 14), TestView.of(devices));
        assertThat(said(held)).isEqualTo("False/CollectionHeld");
        assertThat(fact(held).message()).contains("3 of 20 devices", "maxRatio", "host-a (a)");
        assertThat(held.remove()).isEmpty();
    }

    @Test
    void oneDeviceMayGoHoweverSmallTheTailnet() {
        assertThat(plan(collecting(5, 1), TestView.of(garbage("1"))).remove()).hasSize(1);
    }

    @Test
    void manyAreNamedInPart() {
        var devices = new ArrayList<>(healthy(30));
        IntStream.range(0, 13).forEach(i -> devices.add(garbage("g" + i)));

        assertThat(fact(plan(collecting(5, 50), TestView.of(devices))).message())
                .endsWith(" and 3 more");
    }

    @ParameterizedTest
    @EnumSource(
            value = Freshness.class,
            names = {"PENDING", "NEVER", "STALE"})
    void onAListThatMayNotBeUsedNothingIsKnown(Freshness freshness) {
        var plan = plan(collecting(5, 50), TestView.of(garbage("1")).freshness(freshness));

        assertThat(said(plan)).isEqualTo("Unknown/NotListedYet");
        assertThat(plan.remove()).isEmpty();
    }

    static Stream<TestView> doubtful() {
        return Stream.of(
                TestView.of(garbage("1")).suspect(0),
                TestView.of(garbage("1")).trouble(Failing.unavailable()),
                TestView.of(garbage("1")).goodPolls(1));
    }

    /** It is said, so that the condition does not come and go; but nothing is done. */
    @ParameterizedTest
    @MethodSource
    void doubtful(TestView view) {
        var plan = plan(collecting(5, 50), view);

        assertThat(said(plan)).isEqualTo("True/Collecting");
        assertThat(plan.remove()).isEmpty();
    }

    /** Hours of collecting, poll by poll, in a tailnet where anything is the case. */
    @Property(tries = 200)
    void neverMoreThanTheBudgetNeverWhatLivesNeverOnADoubtfulList(
            @ForAll("tailnets") List<Device> devices,
            @ForAll @IntRange(min = 1, max = 6) int perHour,
            @ForAll @IntRange(min = 1, max = 50) int ratio,
            @ForAll("weather") List<String> weather,
            @ForAll Set<@IntRange(min = 0, max = 39) Integer> wanted) {
        var left = new ArrayList<>(devices);
        var deletions = new ArrayList<Instant>();
        var now = NOW;
        for (var day : weather) {
            now = now.plus(Duration.ofMinutes(7));
            var at = now;
            var view = TestView.of(left);
            switch (day) {
                case "suspect" -> view.suspect(1);
                case "trouble" -> view.trouble(Failing.unavailable());
                case "stale" -> view.freshness(Freshness.STALE);
                case "first" -> view.goodPolls(1);
                default -> view.goodPolls(20);
            }
            var plan = GarbagePlanner.plan(new GarbageInput(
                    collecting(perHour, ratio),
                    view.build(),
                    wanted.stream().map(String::valueOf).collect(Collectors.toSet()),
                    List.copyOf(deletions),
                    at));

            assertThat(plan.remove()).allSatisfy(device -> {
                assertThat(device.connected()).isFalse();
                assertThat(device.external()).isFalse();
                assertThat(device.lastSeen()).isNotNull().isBefore(at.minus(Duration.ofHours(720)));
                assertThat(device.tags()).contains("tag:ours");
                assertThat(wanted).doesNotContain(Integer.parseInt(device.id()));
            });
            if (!day.equals("fine")) {
                assertThat(plan.remove()).isEmpty();
            }
            assertThat(plan.remove().size()).isLessThanOrEqualTo(Math.max(1, left.size() * ratio / 100));
            plan.remove().forEach(device -> {
                left.remove(device);
                deletions.add(at);
            });
            assertThat(deletions.stream()
                            .filter(then -> then.isAfter(at.minus(Duration.ofHours(1))))
                            .count())
                    .isLessThanOrEqualTo(perHour);
        }
    }

    @Provide
    Arbitrary<List<String>> weather() {
        return Arbitraries.of("fine", "fine", "fine", "suspect", "trouble", "stale", "first")
                .list()
                .ofMinSize(5)
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Device>> tailnets() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 900).injectNull(0.1),
                        Arbitraries.of("tag:ours", "tag:ours", "tag:theirs"))
                .as((bits, hours, tag) -> (Numbered) id -> {
                    var device = TestDevice.device(id, "host-" + id).tags(tag);
                    device = (bits & 3) == 0 ? device : device.offline();
                    device = bits == 7 ? device.external() : device;
                    return (hours == null ? device : device.lastSeen(NOW.minus(Duration.ofHours(hours)))).build();
                })
                .list()
                .ofMaxSize(40)
                .map(all -> IntStream.range(0, all.size())
                        .mapToObj(i -> all.get(i).as(String.valueOf(i)))
                        .toList());
    }

    private interface Numbered {
        Device as(String id);
    }

    private static GarbageCollectionSpec collecting(int perHour, int ratio) {
        return new GarbageCollectionSpec(List.of("tag:ours"), "720h", perHour, ratio, false);
    }

    private static Device garbage(String id) {
        return device(id, "host-" + id)
                .tags("tag:ours")
                .offline()
                .lastSeen(NOW.minus(LONG))
                .build();
    }

    private static List<Device> healthy(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestDevice.plain("healthy" + i))
                .toList();
    }

    private static GarbagePlan plan(GarbageCollectionSpec spec, TestView view) {
        return plan(spec, view, List.of());
    }

    private static GarbagePlan plan(GarbageCollectionSpec spec, TestView view, List<Instant> deletions) {
        return GarbagePlanner.plan(new GarbageInput(spec, view.build(), Set.of(), deletions, NOW));
    }

    private static Fact fact(GarbagePlan plan) {
        return plan.after().apply(Set.of());
    }

    private static String said(GarbagePlan plan) {
        return fact(plan).status() + "/" + fact(plan).reason();
    }
}
