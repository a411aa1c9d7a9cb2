package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import com.xonetwork.tailnet.runner.RunEventStore;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** When a run is looked at again. */
class AutomationRunReconcilerTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(NOW);
    private final AutomationRun run = Serialization.unmarshal("""
            apiVersion: tailnet.xo-network.com/v1alpha1
            kind: AutomationRun
            metadata: {name: first, namespace: net, uid: 0b1c, generation: 1, creationTimestamp: "2026-11-24T09:59:00Z"}
            spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
            """, AutomationRun.class);

    private static AutomationTemplate template(String approvalTimeout) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping, namespace: net, uid: uid-template, generation: 1}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  requireApproval: true
                  approvalTimeout: %s
                """.formatted(approvalTimeout), AutomationTemplate.class);
    }

    private UpdateControl<AutomationRun> reconcile(AutomationTemplate template) {
        var nodes = new TailnetNodeCache();
        nodes.newStore().put("net/web-1", Serialization.unmarshal("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: TailnetNode
                        metadata: {name: web-1, namespace: net}
                        spec: {hostname: web-1, tailnetRef: {name: home}}
                        status: {address: 100.64.0.1}
                        """, TailnetNode.class));
        var reconciler = new AutomationRunReconciler(
                api.client(),
                nodes,
                new AttemptSecretEffects(api.client()),
                new RunEventStore(directory, new RunEventStore.Limits(50, 4_000, 6_000, Duration.ofDays(7)), clock),
                new KnownRuns(),
                new EventRecorder(api.client(), clock),
                new RunMetrics(new SimpleMeterRegistry()),
                new RunnerSettings("runner", List.of(), Optional.empty(), 5, 600, Duration.ofMinutes(5), false),
                clock);
        return reconciler.reconcile(run, context(template));
    }

    @SuppressWarnings("unchecked")
    private static Context<AutomationRun> context(AutomationTemplate template) {
        return (Context<AutomationRun>) Proxy.newProxyInstance(
                AutomationRunReconcilerTest.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isPrimaryResourceDeleted" -> false;
                    case "getSecondaryResources" ->
                        arguments[0] == AutomationTemplate.class ? Set.of(template) : Set.of();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** The framework takes a wait that it is told instead of the regular look, also a longer one. */
    @Test
    void aWaitForHoursDoesNotTakeThePlaceOfTheRegularLook() {
        var update = reconcile(template("24h"));

        assertThat(update.getResource().orElseThrow().getStatus().phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);
        assertThat(update.getScheduleDelay()).isEmpty();
    }

    @Test
    void aShorterWaitIsTold() {
        assertThat(reconcile(template("5m")).getScheduleDelay())
                .contains(Duration.ofMinutes(5).toMillis());
    }
}
