package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Publishing.HOME;
import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.policy.PolicyInput.FailedPublication;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.TestView;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyEffectsTest {

    private static final Duration REJECTED_RETRY = Duration.ofMinutes(10);
    private static final Duration AGES = Duration.ofHours(1);
    private static final String RULES = "{'acls': []}";
    private static final String THEIRS = "{\"acls\": [], \"hosts\": {\"theirs\": \"10.0.0.1\"}}";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    // Its own polls fail, so that what the store knows comes from the effects alone.
    private final FakeControlPlane controlPlane =
            new FakeControlPlane().failing("detectCapabilities", Failing.unavailable());
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final FakeEvents events = new FakeEvents();
    private final PolicyEffects effects =
            new PolicyEffects(snapshots, poller, new EventRecorder(events.client(), clock), clock, REJECTED_RETRY);

    private final List<FailedPublication> asked = new ArrayList<>();
    private boolean claimed;

    @BeforeEach
    void watch() {
        poller.watch(
                HOME,
                Settings.tailscale(URI.create("https://example.com")),
                new SnapshotPoller.Plan(AGES, AGES, AGES, null));
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void checksPublishesAndTellsTheSnapshot() {
        var plan = sync();

        assertThat(writes()).containsExactly("validatePolicy", "publishPolicy NeverSet[]");
        assertThat(snapshots.view(HOME).policy().text()).contains("net/home");
        assertThat(plan.fact().reason()).as("planned again on what came of it").hasToString("InSync");
        assertThat(events.reasons()).containsExactly("PolicyPublished");
        assertThat(claimed).isTrue();
        assertThat(effects.nextTry(HOME)).isEmpty();
    }

    @Test
    void whatIsInForceAlreadyIsTakenOverWithoutAWrite() {
        inForce(RULES.replace('\'', '"'));

        assertThat(sync().fact().reason()).hasToString("InSync");
        assertThat(writes()).isEmpty();
        assertThat(claimed).isTrue();
    }

    @Test
    void whatAnotherTailnetMarkedIsNotTakenOver() {
        inForce(Publishing.markedBy("other", "home", RULES));

        assertThat(sync().fact().reason()).hasToString("InSync");
        assertThat(claimed).isFalse();
    }

    /** It may be published although no answer came; then it must not look foreign afterwards. */
    @Test
    void aPolicyThatWasReadAndJudgedIsClaimedBeforeItIsReplaced() {
        inForce("{}");
        controlPlane.failing("publishPolicy", Failing.unavailable());

        sync();

        assertThat(writes()).contains("publishPolicy Matches[etag=etag-1]");
        assertThat(claimed).isTrue();
    }

    @Test
    void withoutAConnectionThePlanIsAllThereIs() {
        poller.stop(HOME);

        assertThat(sync().publication()).isPresent();
        assertThat(writes()).isEmpty();
        assertThat(claimed).isFalse();
    }

    @Test
    void whatTheCheckFindsWrongIsNotPublished() {
        controlPlane.policyProblems("tests[0]: denied", "tests[1]: denied");

        var plan = sync();

        assertThat(plan.fact().reason()).hasToString("PolicyRejected");
        assertThat(plan.fact().message()).contains("tests[0]: denied; tests[1]: denied");
        assertThat(writes()).containsExactly("validatePolicy");
        assertThat(claimed).isFalse();
        assertThat(events.reasons()).isEmpty();
    }

    @Test
    void whereNothingCanBeCheckedPublishingIsTheCheck() {
        controlPlane.capabilities(EnumSet.of(Capability.POLICY)).failing("publishPolicy", Failing.rejected("no"));

        assertThat(sync().fact().reason()).hasToString("PolicyRejected");
        assertThat(writes()).containsExactly("publishPolicy NeverSet[]");
    }

    @Test
    void aRefusalPausesAndThenIsTriedAgain() {
        controlPlane.policyProblems("no");
        sync();
        sync();
        assertThat(controlPlane.calls("validatePolicy")).isEqualTo(1);
        assertThat(effects.nextTry(HOME)).contains(REJECTED_RETRY);

        clock.advance(REJECTED_RETRY);
        assertThat(effects.nextTry(HOME)).isEmpty();
        controlPlane.policyProblems();
        assertThat(sync().fact().reason()).hasToString("InSync");
        assertThat(asked.getLast()).as("success forgets").isNull();
        assertThat(effects.nextTry(HOME)).isEmpty();
    }

    @Test
    void aRateLimitIsHonoured() {
        controlPlane.failing("publishPolicy", Failing.rateLimited(Duration.ofSeconds(42)));

        assertThat(sync().fact().reason()).hasToString("RateLimited");
        assertThat(effects.nextTry(HOME)).contains(Duration.ofSeconds(42));
    }

    @Test
    void anOutageIsTriedAgainLessAndLessOften() {
        controlPlane.failing("publishPolicy", Failing.unavailable());
        var pauses = new ArrayList<Duration>();
        for (var i = 0; i < 5; i++) {
            sync();
            pauses.add(effects.nextTry(HOME).orElseThrow());
            clock.advance(pauses.getLast());
        }

        assertThat(pauses.getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(pauses.getLast()).isGreaterThanOrEqualTo(Duration.ofSeconds(16));
        assertThat(asked.getLast().count()).isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("com.xonetwork.tailnet.testing.Failing#ofEachKind")
    void everyFailureIsReportedPausedAndClaimsNothing(ControlPlaneException why) {
        controlPlane.failing("publishPolicy", why);

        assertThat(sync().publication()).isEmpty();
        assertThat(effects.nextTry(HOME)).isPresent();
        assertThat(asked.getLast().failure()).isSameAs(why);
        assertThat(claimed).isFalse();
        assertThat(events.reasons()).isEmpty();
    }

    @Test
    void aConflictHasThePolicyReadAgainAtOnce() {
        await().until(() -> controlPlane.calls("detectCapabilities") == 1);
        controlPlane.failing("publishPolicy", Failing.conflict());

        sync();

        await().until(() -> controlPlane.calls("detectCapabilities") == 2);
    }

    /** Asked to replace its default, the service says that it is somebody's: that must not make it ours. */
    @Test
    void aForeignPolicySurvivesEveryRound() {
        inForce(THEIRS);

        for (var round = 0; round < 4; round++) {
            assertThat(sync().fact().reason()).hasToString("ForeignPolicy");
            clock.advance(REJECTED_RETRY);
        }

        assertThat(controlPlane.policy().orElseThrow().text()).isEqualTo(THEIRS);
        assertThat(claimed).isFalse();
    }

    @Test
    void theServicesDefaultIsTakenOver() {
        controlPlane.defaultPolicy(THEIRS);
        snapshots.policyWritten(HOME, controlPlane.policy().orElseThrow());

        assertThat(sync().fact().reason()).hasToString("InSync");
        assertThat(claimed).isTrue();
    }

    @Test
    void aTailnetThatIsGoneIsForgotten() {
        controlPlane.policyProblems("no");
        sync();
        effects.forget(HOME);

        assertThat(effects.nextTry(HOME)).isEmpty();
    }

    private void inForce(String text) {
        snapshots.policyWritten(HOME, controlPlane.policy(text).policy().orElseThrow());
    }

    private PolicyPlan sync() {
        return effects.sync(HOME, tailnet("home").build(), this::gather, () -> claimed = true);
    }

    private PolicyInput gather(FailedPublication failed) {
        asked.add(failed);
        var publishing = Publishing.of(acl("a", RULES));
        var view = TestView.of();
        var known = snapshots.view(HOME).policy();
        if (known != null) {
            view.policy(known.text(), known.etag());
        }
        if (failed != null) {
            publishing.failed(failed.hash(), failed.precondition(), failed.failure());
        }
        if (claimed) {
            publishing.owned();
        }
        return publishing.on(view).input();
    }

    private List<String> writes() {
        return controlPlane.calls().stream()
                .filter(call -> call.startsWith("validatePolicy") || call.startsWith("publishPolicy"))
                .toList();
    }
}
