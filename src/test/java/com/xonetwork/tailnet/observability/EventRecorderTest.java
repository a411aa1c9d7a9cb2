package com.xonetwork.tailnet.observability;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.TestTailnet;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRecorderTest {

    private final FakeEvents events = new FakeEvents();
    private final EventRecorder recorder =
            new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:00:00.5Z")));
    private final TailnetNode about = node("web-1").build();

    @ParameterizedTest
    @CsvSource({
        // type, before, now -> the Event's type
        "Online, True, False, Warning",
        "Online, False, True, Normal",
        "Online, Unknown, False, Warning",
        // the end of an outage, for every node at once, is no news of any of them
        "Online, Unknown, True, ",
        // the same again, whatever the reason says now
        "Online, True, True, ",
        "Online, False, False, ",
        // what cannot be seen is no news: it was neither lost nor found
        "Online, True, Unknown, ",
        "Online, False, Unknown, ",
        // the first visit: only what is wrong
        "Online, , True, ",
        "Online, , False, Warning",
        "Online, , Unknown, ",
        // Stalled is bad when it is true
        "Stalled, , False, ",
        "Stalled, , True, Warning",
        "Stalled, False, True, Warning",
        "Stalled, True, False, Normal",
        "StormActive, , False, ",
        "StormActive, False, True, Warning",
        "StormActive, True, False, Normal",
        // nobody asked for these
        "Approved, True, False, ",
    })
    void tellsTransitions(String type, String before, String now, String expected) {
        recorder.transitions(
                about,
                before == null ? List.of() : List.of(condition(type, before, "Before")),
                List.of(condition(type, now, "After")),
                Set.of(ConditionType.ONLINE, ConditionType.STALLED, ConditionType.STORM_ACTIVE),
                Set.of());

        if (expected == null) {
            assertThat(events.written()).isEmpty();
        } else {
            assertThat(events.written()).singleElement().satisfies(event -> {
                assertThat(event.getType()).isEqualTo(expected);
                assertThat(event.getReason()).isEqualTo("After");
                assertThat(event.getMessage()).isEqualTo(type + " is " + now + ": why");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        // made, type, status, reason -> the Event's type
        "2026-11-24T09:59:59Z, Stalled, True, TailnetNotFound, Normal",
        "2026-11-24T09:59:59Z, Joined, False, DeviceNotFound, Normal",
        "2026-11-24T09:59:59Z, Serving, False, NodeNotFound, Normal",
        "2026-11-24T09:59:59Z, Stalled, True, SecretNotFound, Normal",
        "2026-11-24T09:59:59Z, Stalled, True, CaBundleNotFound, Normal",
        "2026-11-24T09:59:59Z, Valid, False, SourceNotFound, Normal",
        "2026-11-24T09:59:59Z, Stalled, True, TagNotOwned, Normal",
        // the operator approves with its next step, and a run advertises
        "2026-11-24T09:59:59Z, Serving, False, NotServing, Normal",
        "2026-11-24T09:59:59Z, Serving, False, NoHealthyCandidate, Normal",
        "2026-11-24T09:57:59Z, Serving, False, NotServing, Warning",
        // nothing that is made later helps against these
        "2026-11-24T09:59:59Z, Stalled, True, Ambiguous, Warning",
        "2026-11-24T09:59:59Z, Joined, False, DuplicateNode, Warning",
        // whoever made it has had the time to make the rest
        "2026-11-24T09:57:59Z, Stalled, True, TailnetNotFound, Warning",
        "2026-11-24T09:57:59Z, Joined, False, DeviceNotFound, Warning",
    })
    void whatAResourceNamesMayFollowIt(String made, String type, String status, String reason, String expected) {
        about.getMetadata().setCreationTimestamp(made);

        recorder.transitions(
                about,
                List.of(),
                List.of(condition(type, status, reason)),
                Set.of(ConditionType.of(type).orElseThrow()),
                Set.of());

        assertThat(events.written())
                .singleElement()
                .satisfies(event -> assertThat(event.getType()).isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // made, since, type, status, reason -> warnings
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, Stalled, True, SecretNotFound, 1",
        "2026-11-24T09:43:10Z, 2026-11-24T09:43:11Z, Stalled, True, TailnetNotFound, 1",
        // a machine may join much later
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, Joined, False, DeviceNotFound, 0",
        // an operator that starts now does not tell of everything again
        "2026-11-24T09:42:00Z, 2026-11-24T09:42:01Z, Stalled, True, SecretNotFound, 0",
        // whoever may write a status can write anything
        "2026-11-24T09:57:00Z, soon, Stalled, True, SecretNotFound, 0",
        "2026-11-24T09:59:00Z, 2026-11-24T09:59:01Z, Stalled, True, SecretNotFound, 0",
        // told as a Warning already
        "2026-11-24T09:57:00Z, 2026-11-24T09:59:01Z, Stalled, True, SecretNotFound, 0",
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, Stalled, True, Ambiguous, 0",
        // it is there, or cannot be seen
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, Stalled, False, Done, 0",
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, Serving, Unknown, NodeNotFound, 0",
        // not told about a node
        "2026-11-24T09:57:00Z, 2026-11-24T09:57:01Z, TagsInSync, False, TagNotOwned, 0",
    })
    void whatNeverFollowedIsAWarningOnce(
            String made, String since, String type, String status, String reason, int warnings) {
        about.getMetadata().setCreationTimestamp(made);
        var condition = new Condition(type, status, reason, "why", 1L, since);
        for (int look = 0; look < 3; look++) {
            recorder.stillMissing(about, List.of(condition), Set.of());
        }

        assertThat(events.written())
                .hasSize(warnings)
                .allSatisfy(event -> assertThat(event.getType()).isEqualTo("Warning"));
    }

    @Test
    void whatTheRestOfAnApplyMayMendIsAWarningOnlyWhenItStays() {
        about.getMetadata().setCreationTimestamp("2026-10-01T00:00:00Z");
        var now = new Condition("Stalled", "True", "Invalid", "why", 1L, "2026-11-24T10:00:00Z");
        recorder.transitions(about, List.of(), List.of(now), Set.of(ConditionType.STALLED), Set.of(Reason.INVALID));
        recorder.stillMissing(about, List.of(now), Set.of(Reason.INVALID));
        assertThat(events.written()).extracting(Event::getType).containsExactly("Normal");

        var later = new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:02:01Z")));
        for (int look = 0; look < 3; look++) {
            later.stillMissing(about, List.of(now), Set.of(Reason.INVALID));
        }
        assertThat(events.written()).extracting(Event::getType).containsExactly("Normal", "Warning");

        var muchLater = new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:20:00Z")));
        muchLater.stillMissing(about, List.of(now), Set.of(Reason.INVALID));
        assertThat(events.written()).hasSize(2);
    }

    /** A restart forgets how often it was told. */
    @Test
    void aWarningIsNotTakenForTheNormalEventOfTheSameWords() {
        recorder.normal(about, "TailnetNotFound", "why");
        var next = new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:01:00Z")));
        next.warning(about, "TailnetNotFound", "why");

        assertThat(events.written()).extracting(Event::getType).containsExactly("Normal", "Warning");
    }

    /** The control plane says so, whenever the resource was made. */
    @Test
    void aTailnetThatTheControlPlaneDoesNotHaveIsAWarning() {
        var tailnet = TestTailnet.tailnet("home").build();
        tailnet.getMetadata().setCreationTimestamp("2026-11-24T09:59:59Z");

        recorder.transitions(
                tailnet,
                List.of(),
                List.of(condition("Reachable", "False", "TailnetNotFound")),
                Set.of(ConditionType.REACHABLE),
                Set.of());

        assertThat(events.written())
                .singleElement()
                .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning"));
    }

    /** An operator that dies before it writes the status finds the same resource again, and tells the same of it. */
    @Test
    void anotherProcessDoesNotTellItAgain() {
        recorder.normal(about, "TagsChanged", "now tag:db");
        recorder.normal(about, "TagsChanged", "now tag:db");
        var next = new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:01:00Z")));
        next.normal(about, "TagsChanged", "now tag:db");

        assertThat(events.reasons()).as("twice by the first process").hasSize(2);
        next.normal(about, "TagsChanged", "now tag:web");
        assertThat(events.messages()).containsExactly("now tag:db", "now tag:db", "now tag:web");
    }

    @Test
    void anotherProcessTellsItWhenItHappensAgainMuchLater() {
        recorder.normal(about, "TagsChanged", "now tag:db");
        var clock = new ManualClock(Instant.parse("2026-11-24T10:11:00Z"));
        new EventRecorder(events.client(), clock).normal(about, "TagsChanged", "now tag:db");

        assertThat(events.messages()).containsExactly("now tag:db", "now tag:db");
    }

    @Test
    void oneForEachConditionThatChanged() {
        recorder.transitions(
                about,
                List.of(condition("Online", "True", "Connected"), condition("Joined", "True", "Joined")),
                List.of(condition("Online", "False", "Offline"), condition("Joined", "False", "Gone")),
                Set.of(ConditionType.ONLINE, ConditionType.JOINED),
                Set.of());

        assertThat(events.reasons()).containsExactly("Offline", "Gone");
    }

    @Test
    void anEventSaysWhatItIsAbout() {
        recorder.warning(about, "Why", "message");

        assertThat(events.written()).singleElement().satisfies(event -> {
            assertThat(event.getMetadata().getNamespace()).isEqualTo("net");
            assertThat(event.getMetadata().getName()).startsWith("web-1.");
            assertThat(event.getInvolvedObject().getKind()).isEqualTo("TailnetNode");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("web-1");
            assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-web-1");
            assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-24T10:00:00Z");
            assertThat(event.getReportingComponent()).isEqualTo("xo-tailnet-operator");
        });
    }

    /** Kubernetes refuses longer ones. */
    /** One namespace with many objects, each with much to say. */
    @Test
    void whatIsRememberedHasABoundInBytes() {
        var refused = new FakeEvents();
        refused.refuse();
        var silent = new EventRecorder(refused.client(), new ManualClock(Instant.parse("2026-11-24T10:00:00Z")));
        var longest = "m".repeat(2_000);
        for (var i = 0; i < EventRecorder.REMEMBERED + 2_000; i++) {
            silent.warning(about, "Reason", longest + i);
        }

        // Of a fixed size each, whatever was said.
        assertThat(silent.remembered()).hasSizeLessThanOrEqualTo(EventRecorder.REMEMBERED);
    }

    @Test
    void theSameTwiceIsTwoEvents() {
        recorder.warning(about, "Reason", "the same");
        recorder.warning(about, "Reason", "the same");

        assertThat(events.reasons()).hasSize(2);
    }

    @Test
    void aLongMessageIsCut() {
        recorder.normal(about, "Why", "x".repeat(5000));
        recorder.normal(about, "Why", "y".repeat(1024));

        assertThat(events.messages().getFirst()).hasSize(1024).endsWith("x…");
        assertThat(events.messages().getLast()).hasSize(1024).endsWith("y");
    }

    @Test
    void anEventThatCannotBeWrittenStopsNothing() {
        events.refuse();

        assertThatCode(() -> recorder.normal(about, "Why", "message")).doesNotThrowAnyException();
    }

    private static Condition condition(String type, String status, String reason) {
        return new Condition(type, status, reason, "why", 1L, null);
    }
}
