package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.AuditLog;
import com.xonetwork.tailnet.scene.Quiet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimCall;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A converged tailnet costs one call for each poll and no write, whatever its size; a change costs what it is about. Runs
 * alone, because it counts the writes of the whole operator and starts it again.
 */
@RunningOperator
@Quiet
class SteadyStateIT {

    private static final int NODES = 200;
    private static final int POLLS = 10;

    @Test
    void nothingHappensWhileNothingChanges(Scene scene) {
        var audit = new AuditLog(scene.cluster(), scene.operator());
        converge(scene);

        var mark = scene.ledger().mark();
        audit.mark();
        scene.letPollsGoBy(POLLS);
        var calls = scene.ledger().since(mark);
        assertThat(calls).extracting(SimCall::operation).containsOnly(Scene.LIST);
        assertThat(Duration.ofNanos(calls.getLast().nanos() - calls.getFirst().nanos()))
                .as("%d calls: one for each interval of 1 s", calls.size())
                .isGreaterThan(Duration.ofMillis(900L * (calls.size() - 1)));
        assertThat(audit.writes())
                .as("writes to Kubernetes over %d polls", POLLS)
                .isEmpty();

        audit.mark();
        mark = scene.ledger().mark();
        var flipped = scene.simulator().devices().get(NODES / 2);
        scene.simulator().offline(flipped.nodeId());
        scene.awaitCondition(TailnetNode.class, flipped.name(), "Online", "False", "Offline");
        var expected = List.of(
                "update tailnetnodes/status " + flipped.name(),
                "create events " + flipped.name(),
                "update tailnets/status home");
        scene.soon().untilAsserted(() -> assertThat(writes(audit)).containsAll(expected));
        scene.letPollsGoBy(3);
        assertThat(writes(audit))
                .as("one device that went offline: its node, one Event, and the Tailnet's count of those online")
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(scene.ledger().since(mark)).extracting(SimCall::operation).containsOnly(Scene.LIST);
    }

    @Test
    void aRestartOnAConvergedStateWritesNothing(Scene scene) {
        var audit = new AuditLog(scene.cluster(), scene.operator());
        converge(scene);

        var mark = scene.ledger().mark();
        audit.mark();
        scene.operator().restart();
        scene.letPollsGoBy(5);
        assertThat(scene.ledger().writesSince(mark)).isEmpty();
        assertThat(audit.requests()).as("the new process is at work").contains("watch tailnetnodes");
        assertThat(audit.writes()).isEmpty();
    }

    /** A policy of our own in force, every device imported, of a class and as wanted. */
    private static void converge(Scene scene) {
        for (int i = 1; i <= NODES; i++) {
            scene.simulator().addDevice(SimDevice.named("machine-" + i).tags("tag:fleet"));
        }
        scene.policy("base", "fragment: {acls: [], tagOwners: {\"tag:fleet\": [\"autogroup:admin\"]}}");
        scene.nodeClass("fleet", "match: {hostnames: [\"machine-*\"]}\ntags: [\"tag:fleet\"]");
        scene.tailnet("home", "deviceImport: All");

        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(AclPolicy.class, "base");
        scene.soon().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(scene.list(TailnetNode.class))
                    .filteredOn(SteadyStateIT::isReady)
                    .hasSize(NODES);
            assertThat(Objects.requireNonNull(
                                    scene.get(NodeClass.class, "fleet").getStatus())
                            .nodes())
                    .isEqualTo(NODES);
            assertThat(Objects.requireNonNull(Objects.requireNonNull(
                                            scene.get(Tailnet.class, "home").getStatus())
                                    .devices())
                            .managed())
                    .isEqualTo(NODES);
        });
        scene.letPollsGoBy(2);
    }

    /** The name of an Event ends in a hash of what it tells. */
    private static List<String> writes(AuditLog audit) {
        return audit.writes().stream()
                .map(write -> write.replaceAll("\\.[0-9a-f-]{36}$", ""))
                .toList();
    }

    private static boolean isReady(TailnetNode node) {
        return node.getStatus() != null
                && Conditions.find(node.getStatus().conditions(), ConditionType.READY)
                        .filter(condition -> condition.status().equals("True"))
                        .isPresent();
    }
}
