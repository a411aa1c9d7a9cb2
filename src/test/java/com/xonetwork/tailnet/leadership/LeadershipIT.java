package com.xonetwork.tailnet.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.AuditLog;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.simulator.SimKey;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas on a real API server. Runs alone: the operator that all tests share must not write meanwhile. */
@RunningOperator
@Alone
class LeadershipIT {

    private static final String ONE = "127.0.0.2";
    private static final String OTHER = "127.0.0.3";
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final int MANY = 8;

    private OperatorProcess leader;
    private OperatorProcess standby;

    @BeforeEach
    void twoReplicas(Scene scene) {
        scene.operator().kill();
        scene.client().resources(Lease.class).inNamespace("xo-tailnet-operator").delete();
        var reports = OperatorUnderTest.runnersReportTo(OTHER);
        leader = scene.operator().launchReplica("one", ONE, reports);
        leader.awaitReady();
        // Who waits for the Lease is ready too.
        scene.soon().untilAsserted(() -> assertThat(leads(leader)).isTrue());
        standby = scene.operator().launchReplica("other", OTHER, reports);
        standby.awaitReady();
        assertThat(leads(standby)).isFalse();
    }

    @AfterEach
    void asItWas(Scene scene) {
        leader.kill();
        standby.kill();
        scene.operator().start();
    }

    private static boolean leads(OperatorProcess replica) {
        return replica.metrics().lines().anyMatch("xo_tailnet_leader 1.0"::equals);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void awaitTakeover(Duration limit) {
        await().atMost(limit).pollInterval(Duration.ofMillis(50)).until(() -> leads(standby));
    }

    /** From a signal to the old leader, which has ended by now, to the first resource that the new one reconciled. */
    private void takesOver(Scene scene, String signal, long start, Duration limit) {
        scene.node("later", "hostname: later");
        awaitTakeover(limit);
        var taken = since(start);
        scene.soon()
                .pollInterval(Duration.ofMillis(50))
                .until(() ->
                        scene.condition(TailnetNode.class, "later", "Ready").isPresent());
        System.out.printf(
                "failover after %s with a lease of %d s: the Lease after %d ms, reconciled after %d ms%n",
                signal, LEASE.toSeconds(), taken.toMillis(), since(start).toMillis());
    }

    @Test
    void whoIsToldToEndHandsOver(Scene scene) {
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        var start = System.nanoTime();
        leader.signal("TERM");
        scene.soon().pollInterval(Duration.ofMillis(10)).until(() -> !leader.isAlive());
        takesOver(scene, "SIGTERM", start, LEASE.minusSeconds(5));
        assertThat(leader.logs()).doesNotContain("ERROR");
    }

    @Test
    void whoDiesIsReplacedWhenItsLeaseHasRunOut(Scene scene) {
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        var start = System.nanoTime();
        leader.kill();
        takesOver(scene, "SIGKILL", start, LEASE.plusSeconds(20));
    }

    /** As right after an installation, when a kind is not served yet or the role not bound. */
    @Test
    void whoCannotFillItsCachesTriesAgainAndDoesNotLeadMeanwhile(Scene scene) {
        var role = scene.client().rbac().clusterRoles().withName("xo-tailnet-operator");
        var whole = role.require();
        standby.kill();
        leader.kill();
        scene.client().resources(Lease.class).inNamespace("xo-tailnet-operator").delete();
        role.edit(rights -> rights.edit()
                .removeMatchingFromRules(rule -> rule.build().getResources().contains("tailnetnodes"))
                .build());
        try {
            leader = scene.operator().launchReplica("one", ONE, Map.of());
            scene.soon().until(() -> leader.logs().contains("the caches could not be filled"));
            assertThat(leads(leader)).isFalse();
            assertThat(scene.client()
                            .resources(Lease.class)
                            .inNamespace("xo-tailnet-operator")
                            .list()
                            .getItems())
                    .isEmpty();
        } finally {
            role.edit(rights -> rights.edit().withRules(whole.getRules()).build());
        }
        leader.awaitReady();
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        scene.node("web-1", "hostname: web-1\n");
        scene.soon()
                .until(() ->
                        scene.condition(TailnetNode.class, "web-1", "Ready").isPresent());
    }

    @Test
    void whatIsUnderWayEndsBeforeTheProcessDoes(Scene scene) {
        scene.simulator().setPolicyByHand("{\"tagOwners\": {\"tag:web\": []}}");
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        var slow = scene.simulator().faults().on("createKey").once().delay(Duration.ofSeconds(2));
        scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\"]\njoin: {manual: {}}\n");
        scene.soon().until(() -> slow.hits() == 1);

        assertThat(leader.stop()).isIn(0, 143);
        assertThat(scene.find(Secret.class, "web-1-join")).isPresent();
        scene.awaitTrue(TailnetNode.class, "web-1", "JoinKeyReady", Duration.ofSeconds(60));
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().count("createKey")).isEqualTo(1);
    }

    @Test
    void whoWasPausedWritesNothingMore(Scene scene) throws Exception {
        assumeFalse(scene.cluster().hasControllers(), "skipped: a Job controller would make pods that cannot run");
        scene.simulator().setPolicyByHand("{\"tagOwners\": {\"tag:web\": []}}");
        scene.tailnet("home", "");
        scene.awaitReady(Tailnet.class, "home");
        scene.pingTemplate("ping");
        scene.simulator().faults().on("createKey").untilCleared().delay(Duration.ofMillis(500));
        IntStream.range(0, MANY).forEach(i -> {
            scene.node("web-" + i, "hostname: web-%d\ntags: [\"tag:web\"]\njoin: {manual: {}}\n".formatted(i));
            scene.apply(run("run-" + i, "web-" + i));
        });
        // Every key has been asked for, and the last of them not been answered yet.
        scene.soon()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> scene.ledger().count("createKey") == MANY);
        leader.signal("STOP");
        var paused = Instant.now();
        awaitTakeover(LEASE.plusSeconds(20));
        IntStream.range(0, MANY)
                .forEach(i -> scene.awaitTrue(TailnetNode.class, "web-" + i, "JoinKeyReady", Duration.ofSeconds(90)));
        scene.soon().until(() -> scene.list(Job.class).size() == MANY);
        await().atMost(PAUSE).until(() -> !Instant.now().isBefore(paused.plus(PAUSE)));
        var audit = new AuditLog(scene.cluster(), scene.operator());
        var calls = scene.ledger().mark();

        leader.signal("CONT");
        scene.soon().until(() -> !leader.isAlive());
        scene.letPollsGoBy(3);
        assertThat(scene.ledger().writesSince(calls)).isEmpty();
        // What it had sent before the pause arrives now, and finds that the new leader has made it already.
        assertThat(audit.effects())
                .as("but for the new leader's renewals")
                .allMatch(write -> write.startsWith("patch leases "));
        assertThat(leader.logs()).contains("has lost the Lease");
        assertThat(scene.list(Job.class))
                .hasSize(MANY)
                .allSatisfy(job ->
                        assertThat(job.getMetadata().getOwnerReferences()).hasSize(1));
        assertThat(live(scene))
                .extracting(SimKey::id)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MANY)
                        .mapToObj(i -> scene.secretText("web-" + i + "-join", "id"))
                        .toList());
    }

    @Test
    void everyReplicaServesTheApiAndHandsOnWhatOnlyTheLeaderHas(Scene scene) {
        assumeFalse(scene.cluster().hasControllers(), "skipped: a Job controller would make pods that cannot run");
        scene.pingTemplate("ping");
        scene.node("web-1", "hostname: web-1\n");
        // The process that was started last is the one that is asked, and the one that runners know.
        assertThat(scene.operator().process()).isSameAs(standby);
        var user = ApiUser.allowed(scene, "deployer", "create, get, list, patch");
        var accepted = user.execute(Map.of(
                "namespace",
                scene.cluster().namespace(),
                "template",
                "ping",
                "targets",
                Map.of("nodes", List.of(Map.of("name", "web-1", "address", "192.0.2.1")))));
        assertThat(accepted.status()).isEqualTo(202);
        var pod = PlayedPod.of(scene, accepted.text("runId").split("\\.", 2)[1], 1);
        assertThat(pod.order().path("callback").path("url").asText()).contains(OTHER);
        pod.tells("run_started", Map.of("text", "PLAY [ping]")).tells("host_ok", Map.of("host", "web-1", "text", "ok"));
        assertThat(pod.push(100)).isEqualTo(200);
        pod.ends("Completed", 0, pod.summary("finished", "ok"));

        var events = user.follow(accepted.text("eventsUrl"));
        assertThat(events).extracting(ApiUser.Event::id).startsWith("1-1", "1-2");
        assertThat(events.getLast().name()).isEqualTo("end");
        assertThat(user.get("/api/runs/" + accepted.text("runId") + "/log").text("text"))
                .contains("PLAY [ping]");
        assertThat(ApiUser.allowed(scene, "stranger", "list")
                        .get("/api/runs/" + accepted.text("runId") + "/log")
                        .status())
                .isEqualTo(403);
        assertThat(user.get(accepted.text("statusUrl")).text("phase")).isEqualTo("Succeeded");

        // With nobody to hand on to, it says so at once.
        leader.kill();
        assertThat(user.get("/api/runs/" + accepted.text("runId") + "/log").status())
                .isIn(502, 503);
        assertThat(user.get(accepted.text("statusUrl")).status()).isEqualTo(200);
    }

    private static String run(String name, String node) {
        return """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: %s
                metadata: {name: %s}
                spec:
                  templateRef: {name: ping}
                  targets: {nodes: [{name: %s, address: 192.0.2.1}]}
                """.formatted(AutomationRun.class.getSimpleName(), name, node);
    }

    private static List<SimKey> live(Scene scene) {
        return scene.simulator().keys().stream()
                .filter(key -> key.type().equals("auth") && !key.invalid(Instant.now()))
                .toList();
    }
}
