package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Each story is told undisturbed, and its writes to the API server and to the control plane are numbered. Then it is told
 * twice for each of them: once the write is kept from its receiver, once its answer is kept from the operator; the plan stands
 * still from there on, and the process is killed (SIGKILL) when all plans stand still. Started again, every story ends as it
 * did undisturbed, with one write more at most. Runs alone, because it kills the operator that all tests share.
 */
@RunningOperator
@Alone
class CrashIT {

    /** No call gives up before the operator is killed, and every plan has the threads that it stands still on. */
    private static final Map<String, String> PATIENT = Map.of(
            "TAILNET_OPERATOR_CONTROL_PLANE_CALL_TIMEOUT",
            "300S",
            // All tailnets are of one namespace, which otherwise would be held to its share.
            "TAILNET_OPERATOR_CONTROL_PLANE_THREADS",
            "6000",
            "QUARKUS_OPERATOR_SDK_CONCURRENT_RECONCILIATION_THREADS",
            "600",
            Plans.MOST_RUNS,
            "600");

    /**
     * That a list became too old to decide on, which it does after seconds of test time when a hundred tailnets are read on a
     * loaded machine, would be reported, and is no write of the crash either.
     */
    private static final Map<String, String> UNHURRIED = Map.of(
            "TAILNET_OPERATOR_CONTROL_PLANE_CALL_TIMEOUT",
            "300S",
            "TAILNET_OPERATOR_CONTROL_PLANE_THREADS",
            "6000",
            Plans.MOST_RUNS,
            "600");

    private static final Trouble SLOW = Trouble.fault(
            "a slow control plane",
            tailnet -> tailnet.faults().onAll().untilCleared().delay(Duration.ofSeconds(2)));

    /**
     * Where a run is made, the run, its template, the node, its HealPolicy and its Tailnet tell of each other's steps, each when it
     * comes to look: what stands still between two steps may be told once more by each. What they did is compared exactly.
     */
    private static final int WRITERS = 5;

    /** How a story went undisturbed. */
    private record Reference(List<String> kubernetes, List<String> controlPlane, int writes, String state) {}

    private record Crash(Story story, Trouble trouble) {}

    @Test
    void whereverItDiesTheEndIsTheSame(Scene scene) {
        var plans = new Plans(scene);
        try (var gate = ApiServerGate.open(scene.cluster().kubeconfig(), plans::passage)) {
            scene.operator().kill();
            scene.operator().startThrough(gate.uri(), PATIENT);
            var references = references(scene, plans);
            var crashes = crashes(plans, references);
            plans.begin(crashes);
            plans.await(crashes, plan -> assertStillOrTold(scene, plan));
            plans.settle();
            var reached = crashes.stream().filter(Plan::isStill).toList();

            scene.operator().kill();
            crashes.forEach(Plan::endTrouble);
            scene.operator().startThrough(gate.uri(), UNHURRIED);
            plans.await(crashes, plan -> assertSameEnd(scene, plan, references.get(plan.story())));
            plans.settle();
            var failures = Plans.failures(crashes, plan -> assertStillSo(scene, plan, references.get(plan.story())));
            System.out.printf(
                    "crash plans: %d of %d passed (and %d told before they reached their write)%n",
                    reached.size() - failures.size(), reached.size(), crashes.size() - reached.size());
            assertThat(failures).isEmpty();
            assertThat(reached).as("reached their write").hasSizeGreaterThanOrEqualTo(crashes.size() * 9 / 10);
        } finally {
            scene.operator().kill();
            scene.operator().start();
        }
    }

    private static Map<Story, Reference> references(Scene scene, Plans plans) {
        var undisturbed = new ArrayList<Plan>();
        for (var story : Story.values()) {
            undisturbed.add(plans.add(story, Trouble.NONE));
            undisturbed.add(plans.add(story, Trouble.NONE));
            // What stands still between two of its writes is reported as it stands, which is no write of the crash.
            undisturbed.add(plans.add(story, SLOW));
        }
        plans.begin(undisturbed);
        plans.await(undisturbed, plan -> plan.story().assertTold(scene, plan.name(), plan.tailnet()));
        plans.settle();
        var references = new HashMap<Story, Reference>();
        undisturbed.stream().sorted(Comparator.comparing(Plan::writes)).forEach(plan -> {
            references.put(
                    plan.story(),
                    new Reference(
                            plan.kubernetesWrites(), plan.controlPlaneWrites(), plan.writes(), plan.state(scene)));
        });
        return references;
    }

    private static List<Plan> crashes(Plans plans, Map<Story, Reference> references) {
        var all = new ArrayList<Crash>();
        for (var story : Story.values()) {
            var reference = references.get(story);
            for (var i = 0; i < reference.kubernetes().size(); i++) {
                var write = reference.kubernetes().get(i);
                all.add(new Crash(story, Trouble.beforeKubernetesWrite(i + 1, write)));
                all.add(new Crash(story, Trouble.afterKubernetesWrite(i + 1, write)));
            }
            var calls = new HashMap<String, Integer>();
            for (var operation : reference.controlPlane()) {
                var repetition = calls.merge(operation, 1, Integer::sum) - 1;
                all.add(new Crash(story, Trouble.beforeCall(operation, repetition)));
                all.add(new Crash(story, Trouble.afterCall(operation, repetition)));
            }
        }
        return PlanSample.ofProperties().of(all, crash -> Plan.title(crash.story(), crash.trouble())).stream()
                .map(crash -> plans.add(crash.story(), crash.trouble()))
                .toList();
    }

    /** Writes can come together in one telling that were two in another: then there is no last one to be killed at. */
    private static void assertStillOrTold(Scene scene, Plan plan) {
        if (!plan.isStill()) {
            plan.story().assertTold(scene, plan.name(), plan.tailnet());
        }
    }

    private static void assertSameEnd(Scene scene, Plan plan, Reference reference) {
        assertThat(plan.state(scene)).isEqualTo(reference.state());
        plan.story().assertTold(scene, plan.name(), plan.tailnet());
    }

    private static void assertStillSo(Scene scene, Plan plan, Reference reference) {
        assertSameEnd(scene, plan, reference);
        assertThat(plan.lostDevices()).as("devices lost").isEmpty();
        assertThat(plan.writes())
                .as(
                        "%s %s instead of %s %s",
                        plan.kubernetesWrites(),
                        plan.controlPlaneWrites(),
                        reference.kubernetes(),
                        reference.controlPlane())
                .isLessThanOrEqualTo(reference.writes() + allowance(plan));
    }

    /** Writes more than undisturbed. The one is the write that got lost, or what is told before the first list is there. */
    private static int allowance(Plan plan) {
        return (losesKey(plan) ? 3 : 1) + (plan.story().isByRuns() ? WRITERS : 0);
    }

    /**
     * A key can be read only in the answer that makes it. One that got lost must be revoked, and another made: two writes to
     * the control plane more than any other plan, whatever the operator does.
     */
    private static boolean losesKey(Plan plan) {
        return (plan.story() == Story.JOIN_KEY || plan.story() == Story.JOIN_SSH)
                && (plan.trouble().isActing() || plan.isKeptFrom("POST secrets"));
    }
}
