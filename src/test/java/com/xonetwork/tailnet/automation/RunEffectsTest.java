package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunOutcome.Impossible;
import com.xonetwork.tailnet.automation.RunOutcome.Lost;
import com.xonetwork.tailnet.automation.RunOutcome.Queued;
import com.xonetwork.tailnet.automation.RunOutcome.Refused;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What came of a plan is told as it was, and what did not start has no machine any more. */
class RunEffectsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final Set<ResourceID> woken = new LinkedHashSet<>();
    private final HostClaims claims = new HostClaims(5, woken::addAll);
    private final AutomationTemplate template = Serialization.unmarshal("""
            apiVersion: tailnet.xo-network.com/v1alpha1
            kind: AutomationTemplate
            metadata: {name: ping, namespace: net, uid: uid-template}
            spec:
              engine: ansible
              source: {builtin: xo.tailnet.ping}
              ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: Strict}
            """, AutomationTemplate.class);
    private RunEffects effects;

    @BeforeEach
    void start() {
        api.at(NOW);
        var secrets = new AttemptSecretEffects(api.client());
        var knownHosts = new KnownHostsEffects(api.client());
        var settings = new RunnerSettings("runner", List.of(), Optional.empty(), 5, 600, Duration.ofMinutes(5), false);
        effects = new RunEffects(
                new AttemptEffects(api.client(), new AttemptReads(api.client()), secrets, knownHosts, settings, clock),
                secrets,
                new LearntHostKeys(knownHosts, secrets),
                claims);
    }

    private static AutomationRun run(String name) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s, namespace: net, uid: uid-%1$s}
                spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
                """.formatted(name), AutomationRun.class);
    }

    private RunPlan starts() {
        var inputs = new RunInputs(
                template,
                List.of(new RunHost("web-1", "192.0.2.1", 22, "root", null)),
                "image",
                null,
                new ObjectMapper().createObjectNode(),
                false,
                "inputs-1",
                List.of());
        var start = new Start(1, new AttemptOrder(List.of("web-1"), List.of()), inputs);
        return new RunPlan(RunPhase.RUNNING, Reason.RUNNING, "attempt 1", null, start);
    }

    private RunOutcome perform(AutomationRun run, RunPlan plan) {
        var input = new RunInput(
                run,
                template,
                new RunSource(null, null),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                "image",
                clock.instant());
        return effects.perform(input, plan, List::of, List::of);
    }

    @Test
    void whatStartsHasItsMachines() {
        assertThat(perform(run("one"), starts())).isEqualTo(new RunOutcome(RunOutcome.DONE, Optional.empty()));
        assertThat(api.names()).contains("jobs/xo-run-uid-one-1");

        assertThat(perform(run("two"), starts()).action())
                .isInstanceOfSatisfying(
                        Queued.class, queued -> assertThat(queued.why()).contains("AutomationRun one", "web-1"));
        assertThat(api.names()).doesNotContain("jobs/xo-run-uid-two-1");
    }

    /** Each refusal in a row is waited for longer; and another run can have the machine meanwhile. */
    @Test
    void whatIsRefusedLetsGoOfItsMachines() {
        api.refuses("POST", "jobs", 403, "exceeded quota: none");

        assertThat(perform(run("one"), starts()).action()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.START_REFUSED);
            assertThat(refused.why()).contains("exceeded quota: none");
            assertThat(refused.delay()).isPositive();
        });
        api.relents();
        assertThat(perform(run("two"), starts()).action()).isEqualTo(RunOutcome.DONE);
    }

    @Test
    void whatIsTooLargeIsNotTriedAgain() {
        var large = starts();
        var names = Stream.generate(() -> "x".repeat(253)).limit(5_000).toList();
        var start = (Start) large.action();
        var plan = new RunPlan(
                RunPhase.RUNNING,
                Reason.RUNNING,
                "attempt 1",
                null,
                new Start(1, new AttemptOrder(names, List.of()), start.inputs()));

        assertThat(perform(run("one"), plan).action())
                .isInstanceOfSatisfying(
                        Impossible.class, told -> assertThat(told.reason()).isEqualTo(Reason.RUN_TOO_LARGE));
        assertThat(api.names()).isEmpty();
    }

    @Test
    void whatMayHaveRunAlreadyIsLost() {
        api.refuses("POST", "jobs", 503, "no etcd");
        assertThatThrownBy(() -> perform(run("one"), starts())).isInstanceOf(KubernetesClientException.class);
        api.relents();
        clock.advance(Duration.ofMinutes(3));

        assertThat(perform(run("one"), starts()).action()).isInstanceOf(Lost.class);
    }

    @Test
    void whatIsStoppedKeepsItsMachinesUntilItHasEnded() {
        perform(run("one"), starts());
        var stop = new RunPlan(
                RunPhase.CANCELLING, Reason.CANCELLING, "told", null, new Stop("xo-run-uid-one-1", "too slow"));

        assertThat(perform(run("one"), stop).action()).isEqualTo(RunOutcome.DONE);
        assertThat(api.get(Job.class, "net", "xo-run-uid-one-1").getSpec().getSuspend())
                .isTrue();
        assertThat(perform(run("two"), starts()).action()).isInstanceOf(Queued.class);
    }

    @Test
    void aRunThatWantsNoMachinesWakesThoseThatWaitForThem() {
        perform(run("one"), starts());
        perform(run("two"), starts());
        var failed = new RunPlan(RunPhase.FAILED, Reason.HOSTS_FAILED, "it failed", null, RunPlan.NONE);

        assertThat(perform(run("one"), failed).action()).isEqualTo(RunOutcome.DONE);
        assertThat(woken).containsExactly(new ResourceID("two", "net"));
    }
}
