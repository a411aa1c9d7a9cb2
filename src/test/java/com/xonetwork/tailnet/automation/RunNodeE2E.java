package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs with nothing played: a kubelet runs the pods, in the image that users build, and they log in to machines outside the
 * cluster. Needs {@code -Dcluster=node}.
 */
@RunningOperator
class RunNodeE2E extends RunsOnNode {

    @Test
    void oneWellOneFailingOneRefusingAndOnlyThatOneAgain(Scene scene) {
        var well = machine(scene, "well", true);
        var failing = machine(scene, "failing", true);
        var refusing = machine(scene, "refusing", false);
        template(scene, "ansible", "site.yml", """
                - hosts: all
                  gather_facts: false
                  tasks:
                    - name: Write
                      ansible.builtin.copy: {content: "{{ text }}", dest: /root/written, mode: "0600"}
                    - name: Check disk
                      ansible.builtin.fail: {msg: the disk is full}
                      when: inventory_hostname == 'failing'
                """, """
                retries: 1
                retryScope: UnreachableHosts
                retryBackoff: 1s
                parameters: {type: object, additionalProperties: false, properties: {text: {type: string}}}
                """);
        run(scene, "parameters: {text: \"{{ lookup('pipe', 'touch /tmp/x') }} $(id)\"}", well, failing, refusing);

        awaitPhase(scene, RunPhase.PARTIALLY_FAILED);
        var status = status(scene);
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(3, 1, 1, 1, 1, 0, 0));
        assertThat(status.hosts())
                .extracting(Host::name, Host::state)
                .containsExactly(
                        tuple("refusing", HostState.UNREACHABLE),
                        tuple("failing", HostState.FAILED),
                        tuple("well", HostState.CHANGED));
        assertThat(status.hosts().get(1).firstError()).isEqualTo("the disk is full");
        assertThat(status.attempt()).as("the refusing one was tried again").isEqualTo(2);
        assertThat(node.inMachine(started.getFirst(), "cat", "/root/written").stdout())
                .isEqualTo("{{ lookup('pipe', 'touch /tmp/x') }} $(id)");
        var events = status.events();
        assertThat(events).isNotNull();
        assertThat(events.gaps()).isZero();
        assertThat(events.received()).isEqualTo(events.lastCounter());
    }

    /** Machines that call themselves what means something to Ansible, and one that has not joined, in a run by selector. */
    @ParameterizedTest
    @ValueSource(strings = {"ansible", "fabric"})
    void oneThatIsNotThereHoldsNobodyAndNoNameIsSpecial(String engine, Scene scene) {
        for (var name : List.of("all", "localhost", "ungrouped")) {
            machine(scene, name, true);
            scene.simulator().addDevice(SimDevice.named(name).addresses(node.addressOf(started.getLast())));
            scene.label(TailnetNode.class, name, "role", "web");
        }
        scene.node("absent", "hostname: absent");
        scene.label(TailnetNode.class, "absent", "role", "web");
        scene.tailnet("home", "");
        for (var name : List.of("all", "localhost", "ungrouped")) {
            scene.awaitReady(TailnetNode.class, name);
        }
        if (engine.equals("ansible")) {
            template(scene, engine, "site.yml", """
                    - hosts: all
                      gather_facts: false
                      tasks:
                        - ansible.builtin.copy: {content: seen, dest: /root/written, mode: "0600"}
                    """, "");
        } else {
            template(scene, engine, "fabfile.py:mark", """
                    from fabric import task

                    @task
                    def mark(c):
                        c.run("printf seen >/root/written")
                        return {"changed": True}
                    """, "");
        }
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: work}
                spec:
                  templateRef: {name: work}
                  targets: {selector: {matchLabels: {role: web}}}
                """);
        awaitPhase(scene, RunPhase.PARTIALLY_FAILED);
        var status = status(scene);
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(4, 3, 3, 0, 1, 0, 0));
        assertThat(status.hosts().getFirst()).satisfies(host -> {
            assertThat(host.name()).isEqualTo("absent");
            assertThat(host.state()).isEqualTo(HostState.UNREACHABLE);
            assertThat(host.firstError()).contains("no tailnet address");
        });
        assertThat(started)
                .hasSize(3)
                .allSatisfy(machine -> assertThat(
                                node.inMachine(machine, "cat", "/root/written").stdout())
                        .isEqualTo("seen"));
    }

    @Test
    void anOperatorThatIsKilledTwiceMissesNothing(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "fabric", "fabfile.py:many", """
                import time
                from fabric import task

                @task
                def many(c):
                    for i in range(2000):
                        c.output(f"line {i}")
                        time.sleep(0.008)
                """, "");
        run(scene, "", machine);
        for (var kill = 0; kill < 2; kill++) {
            var before = events(scene);
            scene.soon()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(events(scene)).isGreaterThan(before));
            scene.operator().kill();
            scene.operator().start();
        }
        awaitPhase(scene, RunPhase.SUCCEEDED);
        scene.soon().untilAsserted(() -> {
            var events = status(scene).events();
            assertThat(events).isNotNull();
            assertThat(events.received()).isGreaterThan(2000);
            assertThat(events.gaps()).isZero();
            assertThat(events.received()).isEqualTo(events.lastCounter());
        });
        assertThat(status(scene).attempt()).isEqualTo(1);
        assertThat(scene.client().pods().list().getItems())
                .as("exactly one pod")
                .hasSize(1);
    }

    @Test
    void anOperatorThatIsAwayThroughoutKnowsAllTheSame(Scene scene) {
        var machine = machine(scene, "web", true);
        template(
                scene,
                "fabric",
                "fabfile.py:short",
                "import time\nfrom fabric import task\n\n@task\ndef short(c):\n    time.sleep(6)\n    return {'changed': True}\n",
                "");
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pods(scene)).isNotEmpty());
        scene.operator().kill();
        try {
            scene.soon()
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(pods(scene).getFirst().getStatus().getPhase())
                                    .isEqualTo("Succeeded"));
        } finally {
            scene.operator().start();
        }
        awaitPhase(scene, RunPhase.SUCCEEDED);
        assertThat(status(scene).hostTotals()).isEqualTo(new HostTotals(1, 1, 1, 0, 0, 0, 0));
        assertThat(pods(scene)).hasSize(1);
    }

    @Test
    void aRunnerThatIsKilledIsSaidLongBeforeItsTimeIsOver(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "ansible", "site.yml", SLEEPING, "");
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(scene)).isPositive());
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(pods(scene).getFirst().getStatus().getContainerStatuses())
                                .singleElement()
                                .satisfies(container ->
                                        assertThat(container.getContainerID()).isNotNull()));
        var container = pods(scene)
                .getFirst()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID();
        var killed = Instant.now();
        killContainer(container.replaceAll(".*//", ""));
        awaitPhase(scene, RunPhase.FAILED);
        // Seconds on a machine that is not busy; without being told it would be its deadline, half an hour.
        assertThat(Duration.between(killed, Instant.now())).isLessThan(PATIENCE);
        assertThat(status(scene).job()).isNotNull().satisfies(job -> {
            assertThat(job.exitCode()).isEqualTo(137);
            assertThat(job.terminatedReason()).isIn("Error", "OOMKilled");
        });
        assertThat(reason(scene)).isEqualTo("RunnerFailed");
    }

    @Test
    void aRunnerThatNeedsTooMuchMemoryIsSaid(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "fabric", "fabfile.py:hoard", """
                from fabric import task

                @task
                def hoard(c):
                    return {"changed": bool(bytearray(2_000_000_000))}
                """, "resources: {memoryLimit: 128Mi}");
        run(scene, "", machine);
        awaitPhase(scene, RunPhase.FAILED);
        assertThat(status(scene).job()).isNotNull().satisfies(job -> {
            assertThat(job.exitCode()).isEqualTo(137);
            assertThat(job.terminatedReason()).isEqualTo("OOMKilled");
        });
        assertThat(reason(scene)).isEqualTo("RunnerFailed");
    }

    @Test
    void aPodThatIsEvictedIsNotMadeAgain(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "ansible", "site.yml", SLEEPING, "");
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(scene)).isPositive());
        assertThat(scene.client()
                        .pods()
                        .withName(pods(scene).getFirst().getMetadata().getName())
                        .evict())
                .isTrue();
        awaitPhase(scene, RunPhase.FAILED);
        assertThat(reason(scene)).isEqualTo("RunnerFailed");
        assertThat(status(scene).attempt()).isEqualTo(1);
    }

    @Test
    void aJobThatSomebodyTakesAwayIsNotMadeAgain(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "ansible", "site.yml", SLEEPING, "");
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(scene)).isPositive());
        scene.cluster().kubectl("delete", "jobs", "--all", "--wait=false").orFail();
        awaitPhase(scene, RunPhase.FAILED);
        assertThat(reason(scene)).isEqualTo("JobLost");
        assertThat(scene.client().batch().v1().jobs().list().getItems()).isEmpty();
    }

    private static String reason(Scene scene) {
        return scene.condition(AutomationRun.class, "work", "Succeeded")
                .orElseThrow()
                .reason();
    }

    /** All of the container's processes, found by their cgroup. */
    private static void killContainer(String id) {
        var found = ProcessHandle.allProcesses()
                .filter(process -> cgroup(process).contains(id))
                .toList();
        assertThat(found).as("processes of the container").isNotEmpty();
        found.forEach(ProcessHandle::destroyForcibly);
    }

    private static String cgroup(ProcessHandle process) {
        return proc(process, "cgroup");
    }

    private static final String SLEEPING = """
            - hosts: all
              gather_facts: false
              tasks:
                - name: Sleep
                  ansible.builtin.raw: sleep 100
            """;

    @Test
    void cancelled(Scene scene) {
        var machine = machine(scene, "web", true);
        template(scene, "ansible", "site.yml", SLEEPING, "");
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(scene))
                        .isNotNull()
                        .satisfies(status -> assertThat(status.hosts())
                                .extracting(Host::state)
                                .contains(HostState.RUNNING)));
        run(scene, "cancel: true", machine);
        awaitPhase(scene, RunPhase.CANCELLED);
        assertThat(status(scene).hosts()).extracting(Host::state).containsExactly(HostState.RUNNING);
    }
}
