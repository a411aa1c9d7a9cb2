package com.xonetwork.tailnet.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Documents of a tailnet: what is known of them, and when they are read. */
class DocumentsTest {

    private static final DocumentKind<PolicyDocument> POLICY = DocumentKind.POLICY;
    private static final PolicyDocument FILE = new PolicyDocument("{}", "1");

    @Test
    void unreadIsNotAbsent() {
        var read = Documents.NONE.with(POLICY, Observed.read(Optional.empty()));

        assertThat(Documents.NONE.of(POLICY).isRead()).isFalse();
        assertThat(read.of(POLICY).isRead()).isTrue();
        assertThat(read.of(POLICY).document()).isNull();
        assertThat(read.say(Documents.NONE)).isFalse();
        assertThat(Documents.NONE.say(read)).isFalse();
    }

    @Test
    void whatCouldNotBeReadStaysAsItWas() {
        var known = Observed.read(Optional.of(FILE));
        var failed = known.withTrouble(Failing.unavailable());

        assertThat(failed.document()).isEqualTo(FILE);
        assertThat(known.isKnown()).isTrue();
        assertThat(failed.isKnown()).isFalse();
    }

    @Test
    void theSameFailureInOtherWordsIsNoNews() {
        var one = Documents.NONE.with(POLICY, Observed.<PolicyDocument>unread().withTrouble(Failing.unavailable()));
        var again =
                Documents.NONE.with(POLICY, Observed.<PolicyDocument>unread().withTrouble(Failing.unavailable()));
        var other =
                Documents.NONE.with(POLICY, Observed.<PolicyDocument>unread().withTrouble(Failing.forbidden()));

        assertThat(one.say(again)).isTrue();
        assertThat(one.say(other)).isFalse();
    }

    @Test
    void onlyWhatIsWantedIsKept() {
        var known = Documents.NONE.with(POLICY, Observed.read(Optional.of(FILE)));

        assertThat(known.only(Set.of(POLICY))).isSameAs(known);
        assertThat(known.only(Set.of()).of(POLICY).isRead()).isFalse();
    }

    @Nested
    class Reads {

        private static final TailnetKey HOME = new TailnetKey("net", "home");
        private static final Map<DocumentKind<?>, Duration> HOURLY = Map.of(POLICY, Duration.ofHours(1));

        private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
        private final SnapshotStore store = new SnapshotStore(clock, 3);
        private final FakeControlPlane controlPlane = new FakeControlPlane().policy("{}");
        private final DocumentReads reads =
                new DocumentReads(HOME, controlPlane, store, MemoryBudget.unlimited(), Runnable::run);

        @Test
        void eachDocumentIsReadOncePerInterval() {
            reads.read(HOURLY);
            reads.read(HOURLY);
            assertThat(controlPlane.calls()).containsExactly("policy");
            clock.advance(Duration.ofHours(1));
            reads.read(HOURLY);
            assertThat(controlPlane.calls("policy")).isEqualTo(2);
        }

        @Test
        void aDocumentThatIsSaidToHaveChangedIsReadByTheNextPoll() {
            reads.read(HOURLY);
            reads.due(Set.of(POLICY));
            reads.read(HOURLY);
            reads.allDue();
            reads.read(HOURLY);
            assertThat(controlPlane.calls("policy")).isEqualTo(3);
        }

        @Test
        void aFailedReadIsTriedAgainWithTheNextPoll() {
            controlPlane.failing("policy", Failing.unavailable());
            reads.read(HOURLY);
            assertThat(store.view(HOME).document(POLICY).trouble()).isNotNull();
            controlPlane.recovered("policy");
            reads.read(HOURLY);
            assertThat(store.view(HOME).document(POLICY).isKnown()).isTrue();
        }

        @Test
        void whatNobodyWantsIsNeitherReadNorKnown() {
            reads.read(HOURLY);
            reads.read(Map.of());
            assertThat(store.view(HOME).document(POLICY).isRead()).isFalse();
            assertThat(controlPlane.calls("policy")).isEqualTo(1);
        }

        @Test
        void whatTheControlPlaneDoesNotHaveIsNotAskedFor() {
            controlPlane.capabilities(EnumSet.complementOf(EnumSet.of(Capability.POLICY)));
            reads.read(HOURLY);
            assertThat(controlPlane.calls()).isEmpty();
            assertThat(store.view(HOME).document(POLICY).isRead()).isFalse();
        }

        @Test
        void whatIsReadAfterTheEndIsDropped() {
            var ended = new DocumentReads(HOME, controlPlane, store, MemoryBudget.unlimited(), news -> {});
            ended.read(HOURLY);
            assertThat(store.view(HOME).document(POLICY).isRead()).isFalse();
        }
    }
}
