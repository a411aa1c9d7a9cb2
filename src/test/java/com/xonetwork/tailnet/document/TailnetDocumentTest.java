package com.xonetwork.tailnet.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.simulator.TickingClock;
import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a document, whatever kind it is. Here it is a line of text, under the condition of the text before. */
class TailnetDocumentTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration REFUSED = Duration.ofMinutes(10);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore store = new SnapshotStore(clock, 3);
    private final SnapshotPoller poller = new SnapshotPoller(settings -> new FakeControlPlane(), store, clock);
    private final TailnetDocument<PolicyDocument, String> document =
            new TailnetDocument<>(DocumentKind.POLICY, new TailnetDocument.Keeping(store, poller, clock, REFUSED));
    private final List<String> happened = new ArrayList<>();
    private String wanted = "wanted";
    private RuntimeException failure;
    private Optional<Duration> nextTry = Optional.empty();

    /** @param text to write; null for nothing */
    private record Plan(String text, String before, String asWanted, FailedWrite<String> failed)
            implements DocumentPlan<String> {
        private record Line(String hash, String condition) implements Write<String> {}

        @Override
        public Optional<Line> publication() {
            return Optional.ofNullable(text).map(hash -> new Line(hash, before));
        }

        @Override
        public Optional<String> takenOver() {
            return Optional.ofNullable(asWanted);
        }
    }

    @BeforeEach
    void connect() {
        Connections.connect(store, HOME, new FakeControlPlane());
    }

    /** What is in force, as the view knows it. */
    private String inForce() {
        var known = store.view(HOME).document(DocumentKind.POLICY).document();
        return known == null ? "" : known.text();
    }

    private void read(String text) {
        clock.advance(Duration.ofSeconds(1));
        store.documentRead(HOME, DocumentKind.POLICY, Optional.of(new PolicyDocument(text, text)), clock.instant());
    }

    private Plan sync() {
        return sync(store, document);
    }

    private Plan sync(SnapshotStore views, TailnetDocument<PolicyDocument, String> held) {
        var resting = held.resting(HOME);
        var plan = plan(resting);
        var outcome = held.perform(HOME, views.view(HOME), plan, new DocumentSteps<PolicyDocument, Plan>() {
            @Override
            public PolicyDocument write(ControlPlane controlPlane, Plan plan) {
                happened.add("write " + plan.text() + " over " + plan.before());
                if (failure != null) {
                    throw failure;
                }
                return new PolicyDocument(plan.text(), plan.text());
            }

            @Override
            public void tried(Optional<ControlPlaneException> why) {
                happened.add(why.map(e -> e.getClass().getSimpleName()).orElse("done"));
            }

            @Override
            public void claim(String hash) {
                happened.add("claim " + hash);
            }

            @Override
            public void published(Plan plan) {
                happened.add("published " + plan.text());
            }
        });
        var after = outcome.map(DocumentOutcome::resting).orElse(resting);
        nextTry = after.map(RestingWrite::left);
        return outcome.isPresent() ? plan(after) : plan;
    }

    private Plan plan(Optional<RestingWrite<String>> resting) {
        var failed = resting.map(RestingWrite::failed).orElse(null);
        var line = new Plan.Line(wanted, inForce());
        var isToWrite = !inForce().equals(wanted) && (failed == null || !failed.isOf(line));
        return new Plan(isToWrite ? wanted : null, inForce(), inForce().equals(wanted) ? wanted : null, failed);
    }

    @Test
    void whatIsWrittenIsClaimedAfterwardsAndKnownAtOnce() {
        read("former");

        var plan = sync();

        assertThat(happened).containsExactly("write wanted over former", "done", "claim wanted", "published wanted");
        assertThat(inForce()).isEqualTo("wanted");
        assertThat(plan.publication()).isEmpty();
    }

    @Test
    void whatIsAsWantedIsClaimedWithoutAWrite() {
        read("wanted");
        sync();
        assertThat(happened).containsExactly("claim wanted");
    }

    @Test
    void aReadThatBeganBeforeOurWriteDoesNotUndoIt() {
        read("former");
        var began = clock.instant();
        sync();
        store.documentRead(HOME, DocumentKind.POLICY, Optional.of(new PolicyDocument("former", "f")), began);
        assertThat(inForce()).isEqualTo("wanted");
    }

    @Test
    void aRefusedWriteIsNeitherClaimedNorRepeatedBeforeItsTime() {
        read("former");
        failure = Failing.rejected("no");

        var plan = sync();
        sync();

        assertThat(happened).containsExactly("write wanted over former", "Rejected");
        assertThat(plan.failed().failure()).isSameAs(failure);
        assertThat(nextTry).contains(REFUSED);
        clock.advance(REFUSED);
        failure = null;
        sync();
        assertThat(happened).endsWith("claim wanted", "published wanted");
        assertThat(nextTry).isEmpty();
    }

    /** A look may begin in any moment, and takes time: it must not leave a write for which nobody looks again. */
    @Test
    void whatIsHeldBackIsLookedForAgainWheneverItsRestEnds() {
        for (var early = 0; early < 20; early++) {
            var slowStore = new SnapshotStore(clock, new TickingClock(clock), 3);
            Connections.connect(slowStore, HOME, new FakeControlPlane());
            var slow = new TailnetDocument<PolicyDocument, String>(
                    DocumentKind.POLICY, new TailnetDocument.Keeping(slowStore, poller, slowStore.steady(), REFUSED));
            failure = Failing.rateLimited(Duration.ofSeconds(2));
            sync(slowStore, slow);
            failure = null;
            clock.advance(nextTry.orElseThrow().minusMillis(early));

            sync(slowStore, slow);

            assertThat(happened.getLast().equals("published wanted") || nextTry.isPresent())
                    .as(
                            "looked %d ms before the end of the rest: %s, looks again %s",
                            early, happened.getLast(), nextTry)
                    .isTrue();
        }
    }

    @Test
    void anotherWriteIsTriedAtOnce() {
        read("former");
        failure = Failing.rejected("no");
        sync();
        wanted = "another";
        sync();
        read("foreign");
        sync();
        assertThat(happened)
                .containsExactly(
                        "write wanted over former",
                        "Rejected",
                        "write another over former",
                        "Rejected",
                        "write another over foreign",
                        "Rejected");
    }

    @Test
    void failuresThatPassAreTriedAgainLaterAndLater() {
        read("former");
        failure = Failing.unavailable();
        var longest = Duration.ZERO;
        for (var i = 0; i < 12; i++) {
            sync();
            var rest = nextTry.orElseThrow();
            longest = rest.compareTo(longest) > 0 ? rest : longest;
            clock.advance(rest);
        }
        assertThat(happened).hasSize(24);
        assertThat(longest).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
    }

    /** Other credentials may succeed. */
    @Test
    void overAnotherConnectionTheSameWriteIsTriedAtOnce() {
        read("former");
        failure = Failing.forbidden();
        sync();
        Connections.connect(store, HOME, new FakeControlPlane());
        read("former");
        sync();
        assertThat(happened)
                .containsExactly("write wanted over former", "Forbidden", "write wanted over former", "Forbidden");
    }

    @Test
    void withoutAConnectionNothingIsWritten() {
        Connections.disconnect(store, HOME);
        read("former");
        sync();
        assertThat(happened).isEmpty();
    }

    /** The answer of a former connection says nothing about the tailnet behind the present one. */
    @Test
    void whatWasWrittenOverAFormerConnectionIsNotKnownOfTheNext() {
        read("former");
        var view = store.view(HOME);
        Connections.connect(store, HOME, new FakeControlPlane());
        store.documentWritten(HOME, view.epoch(), DocumentKind.POLICY, new PolicyDocument("theirs", "t"));
        assertThat(inForce()).isEmpty();
    }
}
