package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final FakeEvents events = new FakeEvents();
    private final Report report =
            new Report(new EventRecorder(events.client(), new ManualClock(Instant.parse("2026-11-24T10:00:00Z"))));
    private final AclPolicy policy = TestAclPolicy.acl("base", "{}").build();

    private static AclPolicyStatus status(String accepted) {
        return new AclPolicyStatus(
                1L,
                List.of(new Condition("Accepted", accepted, "Why", "so it is", 1L, "2026-11-24T09:00:00Z")),
                List.of(),
                null);
    }

    @Test
    void aStatusThatSaysTheSameCostsNothing() {
        var update = report.publish(policy, new AclPolicy(), status("False"), status("False"));

        assertThat(update.isNoUpdate()).isTrue();
        assertThat(events.written()).isEmpty();
    }

    /** It was told as a Normal Event when it was new. */
    @Test
    void whatIsStillMissingIsAWarning() {
        policy.getMetadata().setCreationTimestamp("2026-11-24T09:55:00Z");
        var status = new AclPolicyStatus(
                1L,
                List.of(new Condition("Accepted", "False", "TailnetNotFound", "none", 1L, "2026-11-24T09:55:01Z")),
                List.of(),
                null);
        for (var look = 0; look < 3; look++) {
            assertThat(report.publish(policy, new AclPolicy(), status, status).isNoUpdate())
                    .isTrue();
        }

        assertThat(events.written()).extracting(Event::getType).containsExactly("Warning");
    }

    /** A status that counts something may differ at every look. */
    @Test
    void whatIsStillMissingIsAWarningAlsoWhereTheStatusDiffers() {
        policy.getMetadata().setCreationTimestamp("2026-11-24T09:55:00Z");
        var missing =
                List.of(new Condition("Accepted", "False", "TailnetNotFound", "none", 1L, "2026-11-24T09:55:01Z"));
        var before = new AclPolicyStatus(1L, missing, List.of("acls"), null);

        report.publish(policy, new AclPolicy(), before, new AclPolicyStatus(1L, missing, List.of(), null));

        assertThat(events.written()).extracting(Event::getType).containsExactly("Warning");
    }

    /** What was told as a Normal Event, because the rest of an apply might mend it, has become what it does not mend. */
    @Test
    void anotherReasonThatDoesNotPassIsAWarningUnderTheSameStatusToo() {
        var settling = Set.of(Reason.FRAGMENT_NOT_ACCEPTED);
        report.publish(
                policy, new AclPolicy(), null, accepted("FragmentNotAccepted", "2026-11-24T10:00:00Z"), settling);
        report.publish(
                policy,
                new AclPolicy(),
                accepted("FragmentNotAccepted", "2026-11-24T10:00:00Z"),
                accepted("ForeignPolicy", "2026-11-24T10:00:00Z"),
                settling);

        assertThat(events.written()).extracting(Event::getType).containsExactly("Normal", "Warning");
    }

    private static AclPolicyStatus accepted(String reason, String since) {
        return new AclPolicyStatus(
                1L, List.of(new Condition("Accepted", "False", reason, "so it is", 1L, since)), List.of(), null);
    }

    @Test
    void whatIsNewIsWrittenAndToldBeforeThat() {
        policy.getMetadata().setResourceVersion("7");
        var update = report.publish(policy, new AclPolicy(), null, status("False"));

        assertThat(update.isPatchStatus()).isTrue();
        assertThat(update.getResource()).hasValueSatisfying(written -> {
            assertThat(written.getMetadata().getResourceVersion())
                    .as("another change is not passed over")
                    .isEqualTo("7");
            assertThat(written.getSpec()).as("the spec is the user's").isNull();
            assertThat(written.getStatus()).isEqualTo(status("False"));
        });
        assertThat(events.written()).extracting(Event::getType).containsExactly("Warning");
    }

    @Test
    void onlyTheGivenConditionsAreTold() {
        report.publish(policy, new AclPolicy(), status("True"), status("False"), Set::of);

        assertThat(events.written()).isEmpty();
    }
}
