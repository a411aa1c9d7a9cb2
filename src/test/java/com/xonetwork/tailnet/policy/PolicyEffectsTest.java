package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestPolicy.ALLOW_ALL;
import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings.Api;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.PolicyMetrics;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.StubApiServer;
import com.xonetwork.tailnet.testing.TestPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final Duration REJECTED_RETRY = Duration.ofMinutes(10);
    private static final String DENY_ALL = "{\"acls\": []}";

    @RegisterExtension
    private final StubApiServer kubernetes = new StubApiServer();

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final FakeControlPlane controlPlane = new FakeControlPlane();
    private final SnapshotStore snapshots = new SnapshotStore(clock, 10);
    private final SnapshotPoller poller = new SnapshotPoller(settings -> controlPlane, snapshots, clock);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private PolicyMemory memory;
    private PolicyEffects effects;
    private boolean owned;
    private String published;
    private Optional<Duration> nextTry = Optional.empty();
    private int claims;
    private boolean publishedWhenClaimed;

    @BeforeEach
    void effects() {
        memory = new PolicyMemory(new TailnetDocument.Keeping(snapshots, poller, clock, REJECTED_RETRY));
        effects = new PolicyEffects(memory, new EventRecorder(kubernetes.client(), clock), new PolicyMetrics(registry));
    }

    @AfterEach
    void stop() {
        poller.close();
    }

    @Test
    void checksPublishesTellsAndKnows() {
        connected();

        var plan = sync(policy("base"));

        assertThat(policyWrites()).containsExactly("validatePolicy", "publishPolicy NeverSet[]");
        assertThat(plan.fact().reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(nextTry).isEmpty();
        assertThat(kubernetes.created("events"))
                .singleElement()
                .satisfies(event -> assertThat(event).contains("\"PolicyPublished\"", "\"Normal\""));
    }

    @Test
    void whatIsInForceIsNotWrittenAgain() {
        connected();
        sync(policy("base"));

        var plan = sync(policy("base"));

        assertThat(plan.fact().reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(controlPlane.calls("publishPolicy")).isEqualTo(1);
        assertThat(kubernetes.created("events")).hasSize(1);
    }

    @Test
    void publishesUncheckedWhereNothingCanCheck() {
        var without = EnumSet.allOf(Capability.class);
        without.remove(Capability.POLICY_VALIDATE);
        controlPlane.capabilities(without);
        connected();

        sync(policy("base"));

        assertThat(policyWrites()).containsExactly("publishPolicy NeverSet[]");
    }

    @Test
    void whatWouldBeRefusedIsNotSentWhetherOrNotTheControlPlaneCanCheck() {
        for (var checks : List.of(true, false)) {
            var can = EnumSet.allOf(Capability.class);
            if (!checks) {
                can.remove(Capability.POLICY_VALIDATE);
            }
            controlPlane.capabilities(can);
            connected();

            var plan = sync(policy("base")
                    .says("{\"acls\": [{\"action\": \"accept\", \"src\": [\"tag:none\"], \"dst\": [\"*:*\"]}]}"));

            assertThat(policyWrites()).isEmpty();
            assertThat(plan.fact().reason()).isEqualTo(Reason.POLICY_REJECTED);
            assertThat(plan.fact().message()).contains("tag not found: \"tag:none\"");
            assertThat(nextTry).isEmpty();
        }
    }

    @Test
    void whatTheCheckRefusesIsNotPublished() {
        controlPlane.policyProblems("line 3: no such group", "tests failed");
        connected();

        var plan = sync(policy("base"));

        assertThat(controlPlane.calls("publishPolicy")).isZero();
        assertThat(plan.fact().reason()).isEqualTo(Reason.POLICY_REJECTED);
        assertThat(plan.fact().message()).contains("line 3: no such group; tests failed");
        assertThat(nextTry).hasValue(REJECTED_RETRY);
        assertThat(claims).isZero();
        assertThat(kubernetes.created("events")).isEmpty();
    }

    @Test
    void whatWasRefusedIsTriedAgainWhenItsTimeHasCome() {
        controlPlane.policyProblems("no");
        connected();
        sync(policy("base"));

        clock.advance(REJECTED_RETRY.minusSeconds(1));
        assertThat(sync(policy("base")).fact().reason()).isEqualTo(Reason.POLICY_REJECTED);
        assertThat(controlPlane.calls("validatePolicy")).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        controlPlane.policyProblems();
        assertThat(sync(policy("base")).fact().reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(nextTry).isEmpty();
    }

    @Test
    void aCorrectedPolicyDoesNotWaitForTheRefusedOne() {
        controlPlane.policyProblems("no");
        connected();
        sync(policy("base"));
        controlPlane.policyProblems();

        assertThat(sync(policy("base").says(DENY_ALL)).fact().reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(nextTry).isEmpty();
    }

    static Stream<Arguments> pauses() {
        return Stream.of(
                Arguments.of(Failing.unavailable(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(
                        Failing.rateLimited(Duration.ofSeconds(42)), Duration.ofSeconds(42), Duration.ofSeconds(42)),
                Arguments.of(Failing.unauthorized(), Duration.ofSeconds(8), Duration.ofSeconds(16)),
                Arguments.of(Failing.notFound(), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                Arguments.of(Failing.forbidden(), REJECTED_RETRY, REJECTED_RETRY),
                Arguments.of(Failing.conflict(), REJECTED_RETRY, REJECTED_RETRY),
                Arguments.of(Failing.notSupported(), REJECTED_RETRY, REJECTED_RETRY));
    }

    @ParameterizedTest
    @MethodSource("pauses")
    void eachFailureHasItsPause(ControlPlaneException failure, Duration shortest, Duration longest) {
        controlPlane.failing("publishPolicy", failure);
        connected();

        sync(policy("base"));
        sync(policy("base"));

        assertThat(controlPlane.calls("publishPolicy")).isEqualTo(1);
        assertThat(nextTry).hasValueSatisfying(pause -> assertThat(pause).isBetween(shortest, longest));
    }

    @Test
    void theSameFailureAgainPausesLonger() {
        controlPlane.failing("publishPolicy", Failing.unavailable());
        connected();

        for (var attempt = 0; attempt < 6; attempt++) {
            sync(policy("base"));
            clock.advance(nextTry.orElseThrow());
        }
        sync(policy("base"));

        assertThat(nextTry).hasValueSatisfying(pause -> assertThat(pause).isGreaterThan(Duration.ofMinutes(1)));
    }

    @Test
    void aForgottenTailnetStartsAnew() {
        controlPlane.policyProblems("no");
        connected();
        sync(policy("base"));

        poller.forget(HOME);
        connected();

        sync(policy("base"));
        assertThat(controlPlane.calls("validatePolicy")).isEqualTo(2);
    }

    @Test
    void aPolicyIsClaimedOnceItIsReplaced() {
        owned = true;
        controlPlane.policy(DENY_ALL);
        connected();

        sync(policy("base"));

        assertThat(policyWrites()).containsExactly("validatePolicy", "publishPolicy Matches[etag=etag-1]");
        assertThat(claims).isEqualTo(1);
        assertThat(publishedWhenClaimed).isTrue();
    }

    @Test
    void aSupposedDefaultIsClaimedAfterItWasReplaced() {
        controlPlane.defaultPolicy(DENY_ALL);
        connected();

        var plan = sync(policy("base"));

        assertThat(plan.fact().reason()).isEqualTo(Reason.IN_SYNC);
        assertThat(claims).isEqualTo(1);
        assertThat(publishedWhenClaimed).isTrue();
    }

    /** A claim would make the next round overwrite somebody's policy. */
    @Test
    void aForeignPolicyIsFoundByTheRefusalAndNotClaimed() {
        controlPlane.policy(DENY_ALL);
        connected();

        var plan = sync(policy("base"));

        assertThat(plan.fact().reason()).isEqualTo(Reason.FOREIGN_POLICY);
        assertThat(policyWrites()).containsExactly("validatePolicy", "publishPolicy NeverSet[]");
        assertThat(claims).isZero();
        assertThat(controlPlane.policyFile().read().orElseThrow().text()).isEqualTo(DENY_ALL);
    }

    @Test
    void whatIsAlreadyAsWantedIsClaimedWithoutAWrite() {
        controlPlane.policy(ALLOW_ALL);
        connected();

        sync(policy("base"));

        assertThat(claims).isEqualTo(1);
        assertThat(policyWrites()).isEmpty();
    }

    @Test
    void aConflictAsksForAFreshRead() {
        owned = true;
        controlPlane.policy(DENY_ALL);
        connected();
        controlPlane.policy("{\"acls\": [], \"tests\": []}");

        // The fresh read runs on the poller's thread, and may be there before the policy is looked at again.
        assertThat(sync(policy("base")).fact().reason()).isIn(Reason.POLICY_CHANGED_MEANWHILE, Reason.PENDING);
        assertThat(controlPlane.calls("publishPolicy")).isEqualTo(1);

        await().until(() -> snapshots
                .view(HOME)
                .document(DocumentKind.POLICY)
                .document()
                .etag()
                .equals("etag-2"));
        assertThat(sync(policy("base")).fact().reason()).isEqualTo(Reason.IN_SYNC);
    }

    @Test
    void anotherFailureAsksForNoRead() {
        controlPlane.failing("publishPolicy", Failing.forbidden());
        connected();
        var reads = controlPlane.calls("devices");

        sync(policy("base"));

        await().during(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(10))
                .until(() -> controlPlane.calls("devices") == reads);
    }

    @Test
    void nothingIsDoneWithoutAConnection() {
        snapshots.capabilitiesDetected(HOME, EnumSet.allOf(Capability.class));
        snapshots.listed(HOME, List.of(), clock.instant());
        snapshots.documentRead(HOME, DocumentKind.POLICY, Optional.empty(), clock.instant());

        var plan = sync(policy("base"));

        assertThat(plan.publication()).isPresent();
        assertThat(claims).isZero();
        assertThat(controlPlane.calls()).isEmpty();
    }

    private void connected() {
        var settings = new ControlPlaneSettings(
                Api.TAILSCALE_V2,
                URI.create("https://api.tailscale.com"),
                "-",
                new Credentials.ApiKey("k"),
                null,
                new CallBudget(5, 10));
        poller.watch(
                HOME,
                settings,
                new SnapshotPoller.Plan(
                        Duration.ofHours(1),
                        Duration.ofHours(3),
                        Map.of(DocumentKind.POLICY, Duration.ofHours(1)),
                        null));
        await().until(() -> snapshots.view(HOME).freshness() == Freshness.FRESH);
    }

    private PolicyPlan sync(TestPolicy policy) {
        List<AclPolicy> policies = List.of(policy.build());
        var input = new PolicyInput(
                HOME,
                TailnetPolicySpec.DEFAULT,
                policies,
                snapshots.view(HOME),
                new PolicyNotes(owned, published, null),
                List.of(),
                Map.of(),
                Optional.of(PolicySyntax.TAILSCALE),
                memory.resting(HOME),
                memory.foresight(HOME));
        var plan = PolicyPlanner.plan(input);
        var outcome = effects.perform(HOME, input.view(), plan, tailnet("home").build(), hash -> {
            claims++;
            published = hash;
            publishedWhenClaimed = controlPlane.calls("publishPolicy") > 0;
            owned = true;
        });
        var after = plan.after(outcome);
        nextTry = after.nextTry();
        return after;
    }

    private List<String> policyWrites() {
        return controlPlane.calls().stream()
                .filter(call -> call.startsWith("validatePolicy") || call.startsWith("publishPolicy"))
                .toList();
    }
}
