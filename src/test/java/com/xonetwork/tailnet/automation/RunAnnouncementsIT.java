package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.RunMetrics;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.StatusPatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is said of a run whose status the API server does not take, because the run has changed meanwhile. Runs alone: the operator
 * that all tests share must not write meanwhile.
 */
@RunningOperator
@Alone
class RunAnnouncementsIT {

    private static AutomationRunStatus replaced(AutomationRun run, Instant now) {
        var plan = new RunPlan(
                RunPhase.CANCELLED, Reason.CANCELLED, "replaced by second before it began", null, RunPlan.NONE);
        return RunStatuses.of(run, plan, Optional.empty(), Optional.empty(), now);
    }

    private static void write(KubernetesClient client, AutomationRun run, AutomationRunStatus status) {
        client.resource(StatusPatch.of(run, new AutomationRun(), status))
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("test")
                        .withForce(true)
                        .build());
    }

    @BeforeEach
    void nobodyElseWrites(Scene scene) {
        scene.operator().kill();
    }

    @AfterEach
    void asItWas(Scene scene) {
        scene.operator().start();
    }

    @Test
    void aRunThatIsReplacedIsToldOnceWhateverConflictsThereAre(Scene scene) {
        var client = scene.client();
        var metrics = new SimpleMeterRegistry();
        var clock = Clock.systemUTC();
        var announcements = new RunAnnouncements(new EventRecorder(client, clock), new RunMetrics(metrics));
        var seen = client.resource(Serialization.unmarshal("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: AutomationRun
                        metadata: {name: first}
                        spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
                        """, AutomationRun.class))
                .create();
        client.resources(AutomationRun.class)
                .withName("first")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"team\":\"net\"}}}");

        var decided = replaced(seen, clock.instant());
        announcements.changed(seen, decided, Optional.empty());
        assertThatThrownBy(() -> write(client, seen, decided))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(409));
        // The SDK looks again at what is there, and decides the same on the old status.
        var latest = client.resources(AutomationRun.class).withName("first").get();
        assertThat(latest.getStatus()).isNull();
        var again = replaced(latest, clock.instant());
        announcements.changed(latest, again, Optional.empty());
        write(client, latest, again);

        assertThat(client.v1().events().list().getItems())
                .extracting(event -> List.of(event.getReason(), event.getMessage()))
                .containsExactly(List.of("Cancelled", "Succeeded is False: replaced by second before it began"));
        assertThat(metrics.get("xo.tailnet.runs")
                        .tag("phase", "Cancelled")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
