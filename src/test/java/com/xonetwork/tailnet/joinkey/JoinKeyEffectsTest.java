package com.xonetwork.tailnet.joinkey;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One live key at most, whatever stops the operator and wherever. */
class JoinKeyEffectsTest {

    private static final JoinKeyOrder ORDER = new JoinKeyOrder(new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1));

    private static final String HERE = "https://here.example.com/-";

    /** A control plane, Secrets, and an operator that can be stopped. */
    private static final class World {
        private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        private final FakeControlPlane service = new FakeControlPlane().at(clock);
        private final FakeRecords secrets = new FakeRecords();
        private final JoinKeyHolder holder = new JoinKeyHolder(node("web-1").build());
        private final Trouble trouble = new Trouble(() -> assertThat(service.liveKeys())
                .as("keys that a machine could join with")
                .hasSizeLessThanOrEqualTo(1));
        private final ControlPlane controlPlane = trouble.around(ControlPlane.class, service);
        private JoinKeyEffects operator;

        World() {
            restart();
        }

        void restart() {
            operator = new JoinKeyEffects(trouble.around(JoinKeyRecords.class, secrets), clock, clock);
        }

        JoinKeyEffects.Issued issue() {
            return operator.issue(controlPlane, HERE, holder, ORDER);
        }

        void settle() {
            operator.settle(controlPlane, HERE, holder);
        }

        /** As JOSDK does it: again and again, and by a new process when the old one was killed. */
        void untilDone(Runnable step) {
            for (var tries = 0; tries < 5; tries++) {
                try {
                    step.run();
                    return;
                } catch (Trouble.Killed e) {
                    restart();
                } catch (ControlPlaneException e) {
                    // again
                }
            }
            throw new AssertionError("not done after five tries");
        }

        /** The Secret holds the one key that lives. */
        void oneKey() {
            assertThat(service.liveKeys())
                    .containsExactly(secrets.find(holder).orElseThrow().keyId());
        }

        void noKey() {
            assertThat(service.liveKeys()).isEmpty();
            assertThat(secrets.find(holder)).isEmpty();
        }
    }

    private final World world = new World();

    @Test
    void aKeyIsMadeOnceAndThenLeftAlone() {
        assertThat(world.issue().isNew()).isTrue();
        world.oneKey();
        var calls = world.service.calls().size();

        assertThat(world.issue().isNew()).isFalse();
        world.clock.advance(JoinKeyEffects.LOOK_EVERY.minusSeconds(1));
        world.issue();
        assertThat(world.service.calls()).as("nothing is asked in between").hasSize(calls);

        world.clock.advance(Duration.ofSeconds(2));
        world.issue();
        assertThat(world.service.calls()).as("one look, now and then").hasSize(calls + 1);
        assertThat(world.service.calls("createJoinKey")).isEqualTo(1);
    }

    @Test
    void itIsRenewedBeforeItRunsOut() {
        var first = world.issue().key();
        world.clock.advance(Duration.ofMinutes(45));
        var second = world.issue();

        assertThat(second.isNew()).isTrue();
        assertThat(second.key().keyId()).isNotEqualTo(first.keyId());
        world.oneKey();
    }

    @Test
    void otherTagsAreAnotherKey() {
        world.issue();
        var other = new JoinKeyOrder(new TreeSet<>(Set.of("tag:db")), Duration.ofHours(1));

        assertThat(world.operator
                        .issue(world.controlPlane, HERE, world.holder, other)
                        .key()
                        .tags())
                .containsExactly("tag:db");
        world.oneKey();
    }

    @Test
    void aKeyThatWasUsedUpByAnotherMachineIsReplaced() {
        world.issue();
        world.service.useUp("key-1");
        world.clock.advance(JoinKeyEffects.LOOK_EVERY);

        assertThat(world.issue().key().keyId()).isEqualTo("key-2");
        world.oneKey();
    }

    @Test
    void aSecretThatAHumanDeletedTakesItsKeyAlong() {
        world.issue();
        world.secrets.deletedByHand(world.holder);

        assertThat(world.issue().key().keyId()).isEqualTo("key-2");
        world.oneKey();
    }

    @Test
    void keysOfOthersAreLeftAlone() {
        var theirs = List.of(
                world.service
                        .require(JoinKeys.class)
                        .create(new JoinKeyRequest("by hand", new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1))),
                world.service
                        .require(JoinKeys.class)
                        .create(new JoinKeyRequest(
                                "xo uid-web-2", new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1))));
        var quiet = new JoinKeyEffects(world.secrets, world.clock, world.clock);
        quiet.issue(world.service, HERE, world.holder, ORDER);
        quiet.settle(world.service, HERE, world.holder);

        assertThat(world.service.liveKeys())
                .containsExactlyElementsOf(theirs.stream().map(key -> key.id()).toList());
    }

    /** By a clock that is ahead, the control plane's key is nearly over when it is made. */
    @ParameterizedTest
    @ValueSource(longs = {-61, -8, 0, 3, 8, 30, 46, 61})
    void aClockThatGoesWrongMakesNoMoreKeys(long minutesAhead) {
        for (var valid : List.of(Duration.ofMinutes(10), Duration.ofHours(1))) {
            var theirs = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
            var ours = new ManualClock(theirs.instant().plus(Duration.ofMinutes(minutesAhead)));
            var service = new FakeControlPlane().at(theirs);
            var operator = new JoinKeyEffects(new FakeRecords(), ours, ours);
            var order = new JoinKeyOrder(new TreeSet<>(Set.of("tag:web")), valid);
            for (var look = 0; look < 20; look++) {
                var issued = operator.issue(service, HERE, world.holder, order);
                assertThat(Duration.between(ours.instant(), order.renewAt(issued.key())))
                        .isPositive();
                ours.advance(Duration.ofSeconds(1));
                theirs.advance(Duration.ofSeconds(1));
            }
            assertThat(service.calls("createJoinKey")).isEqualTo(1);
        }
    }

    /** What is on record ends with the key, whoever's clock it is told by: a key that is handed out works. */
    @ParameterizedTest
    @ValueSource(longs = {-55, -12, -4, 0, 4, 12, 55})
    void withAKnownDifferenceTheRecordEndsWithTheKey(long minutesAhead) {
        var theirs = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        var ahead = Duration.ofMinutes(minutesAhead);
        var ours = new ManualClock(theirs.instant().plus(ahead));
        var service = new FakeControlPlane().at(theirs).skew(new ClockSkew(ahead, Duration.ofSeconds(1)));
        var operator = new JoinKeyEffects(new FakeRecords(), ours, ours);
        var order = new JoinKeyOrder(new TreeSet<>(Set.of("tag:web")), Duration.ofMinutes(10));

        var issued = operator.issue(service, HERE, world.holder, order);

        assertThat(Duration.between(ours.instant(), issued.key().expires())).isEqualTo(Duration.ofMinutes(10));
        assertThat(Duration.between(ours.instant(), order.renewAt(issued.key())))
                .isEqualTo(Duration.ofSeconds(450));
    }

    /** The key is over and the record says otherwise for another hour: the next list of keys tells. */
    @Test
    void aClockThatIsSetBackDoesNotKeepADeadKey() {
        var wall = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        var steady = new ManualClock(wall.instant());
        var theirs = new ManualClock(wall.instant());
        var service = new FakeControlPlane().at(theirs);
        var operator = new JoinKeyEffects(new FakeRecords(), wall, steady);
        var order = new JoinKeyOrder(new TreeSet<>(Set.of("tag:web")), Duration.ofMinutes(10));
        operator.issue(service, HERE, world.holder, order);

        wall.advance(Duration.ofHours(-1));
        for (var minute = 0; minute < 16; minute++) {
            Stream.of(wall, steady, theirs).forEach(clock -> clock.advance(Duration.ofMinutes(1)));
            operator.issue(service, HERE, world.holder, order);
        }

        assertThat(service.liveKeys()).hasSize(1);
        assertThat(service.calls("createJoinKey")).isEqualTo(2);
    }

    /** Ids of Headscale are small numbers: what has this one's id at another control plane is somebody else's key. */
    @Test
    void afterAMoveAKeyOfTheFormerTailnetIsNeitherKeptNorTakenForOneHere() {
        world.issue();
        var elsewhere = new FakeControlPlane().at(world.clock);
        elsewhere
                .require(JoinKeys.class)
                .create(new JoinKeyRequest("by hand", new TreeSet<>(Set.of("tag:web")), Duration.ofHours(1)));
        var operator = new JoinKeyEffects(world.secrets, world.clock, world.clock);

        var issued = operator.issue(elsewhere, "https://there.example.com/-", world.holder, ORDER);

        assertThat(issued.isNew()).isTrue();
        assertThat(elsewhere.liveKeys()).containsExactly("key-1", "key-2");
        assertThat(issued.key().keyId()).isEqualTo("key-2");

        operator.settle(new FakeControlPlane(), "https://elsewhere.example.com/-", world.holder);
        assertThat(elsewhere.liveKeys()).contains("key-1");
    }

    @Test
    void noOrderIsForLongerThanAnHour() {
        assertThat(new JoinKeyOrder(new TreeSet<>(), Duration.ofDays(90)).validFor())
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whereKeysCannotBeListedNoneIsMade() {
        world.service.failing("joinKeys", Failing.forbidden());

        assertThatThrownBy(world::issue).isInstanceOf(ControlPlaneException.Forbidden.class);
        assertThat(world.service.calls("createJoinKey")).isZero();
    }

    /** Every write of the story, gone wrong in every way. */
    @Nested
    class EveryWrite {

        private int run(World in, int number, Trouble.Kind kind) {
            if (number >= 0) {
                in.trouble.arm(number, kind);
            }
            in.untilDone(in::issue);
            in.oneKey();
            in.clock.advance(Duration.ofMinutes(50));
            in.untilDone(in::issue);
            in.oneKey();
            in.untilDone(in::settle);
            in.noKey();
            return in.trouble.writes();
        }

        @TestFactory
        Stream<DynamicTest> endsInTheSameState() {
            var reference = run(new World(), -1, Trouble.Kind.KILLED_BEFORE);
            assertThat(reference)
                    .as("make, record; revoke, delete, make, record; revoke, delete")
                    .isEqualTo(8);
            return IntStream.range(0, reference)
                    .boxed()
                    .flatMap(number -> Stream.of(Trouble.Kind.values())
                            .map(kind -> DynamicTest.dynamicTest("write " + number + " " + kind, () -> {
                                // A key that was made and not known to be recorded is lost: it is revoked, what was
                                // recorded of it goes, and another is made and recorded.
                                assertThat(run(new World(), number, kind)).isLessThanOrEqualTo(reference + 4);
                            })));
        }
    }

    /** What can happen to a key, in any order; and at any write of it, trouble of any kind. */
    private enum Happening {
        ISSUE,
        SETTLE,
        RESTART,
        A_MINUTE,
        AN_HOUR,
        SIX_MINUTES,
        MACHINE_JOINS,
        SECRET_DELETED
    }

    private record Step(Happening happening, int troubleAt, Trouble.Kind kind) {}

    @Property(tries = 500)
    void neverTwoLiveKeysAndItAlwaysComesRight(@ForAll("stories") List<Step> story) {
        var in = new World();
        for (var step : story) {
            in.trouble.arm(step.troubleAt(), step.kind());
            try {
                happens(in, step.happening());
            } catch (Trouble.Killed e) {
                in.restart();
            } catch (ControlPlaneException e) {
                // tried again with the next one
            }
            in.trouble.disarm();
            assertThat(in.service.liveKeys()).hasSizeLessThanOrEqualTo(1);
        }
        in.clock.advance(JoinKeyEffects.LOOK_EVERY);
        in.issue();
        in.oneKey();
        in.settle();
        in.noKey();
    }

    private static void happens(World in, Happening happening) {
        switch (happening) {
            case ISSUE -> in.issue();
            case SETTLE -> in.settle();
            case RESTART -> in.restart();
            case A_MINUTE -> in.clock.advance(Duration.ofMinutes(1));
            case SIX_MINUTES -> in.clock.advance(Duration.ofMinutes(6));
            case AN_HOUR -> in.clock.advance(Duration.ofHours(1));
            case MACHINE_JOINS -> in.service.liveKeys().forEach(in.service::useUp);
            case SECRET_DELETED -> in.secrets.deletedByHand(in.holder);
        }
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just(Happening.ISSUE)),
                                Tuple.of(4, Arbitraries.of(Happening.class))),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.of(Trouble.Kind.class))
                .as(Step::new)
                .list()
                .ofMinSize(3)
                .ofMaxSize(25);
    }
}
