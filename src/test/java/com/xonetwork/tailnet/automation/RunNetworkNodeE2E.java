package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.PlainPod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.URI;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the pod of a run reaches, and who reaches it, where the cluster network enforces its NetworkPolicy. The same pod without
 * its policy reaches everything, so nothing here is out of reach for another reason. Needs {@code -Dcluster=node}.
 */
@RunningOperator
class RunNetworkNodeE2E extends RunsOnNode {

    /** Link-local, and not one that a cloud uses: the machine that runs the test may need those. */
    private static final String LINK_LOCAL = "169.254.169.200";

    private static final String API_SERVER = "10.96.0.1";
    private static final int OTHER_PORT = 8000;
    private static final int NAMES_PORT = 53;
    private static final int RUNNER_LISTENS = 9999;

    /** Says over and over what it reaches, in a file of its machine, until it is told to end. */
    private static final String LOOK = """
            import socket, time
            from fabric import task

            TARGETS = %s
            listening = socket.create_server(("", %d))

            def reached():
                for name, (address, port) in TARGETS.items():
                    try:
                        socket.create_connection((address, port), 1).close()
                        yield name
                    except OSError:
                        pass

            @task
            def look(c):
                for _ in range(200):
                    c.run(f"printf '{' '.join(reached())}' >/root/reached.part && mv /root/reached.part /root/reached")
                    if c.run("cat /root/end 2>/dev/null || true").stdout:
                        return
                    time.sleep(0.2)
            """;

    private final TreeMap<String, List<Object>> targets = new TreeMap<>();

    private void target(String name, String address, int port) {
        targets.put(name, List.of(address, port));
    }

    private void look(Scene scene, String... machines) throws JsonProcessingException {
        template(
                scene,
                "fabric",
                "fabfile.py:look",
                LOOK.formatted(new ObjectMapper().writeValueAsString(targets), RUNNER_LISTENS),
                "");
        run(scene, "", machines);
    }

    private void awaitReached(Scene scene, String... names) {
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(node.inMachine(started.getFirst(), "cat", "/root/reached")
                                .stdout()
                                .split(" "))
                        .containsExactlyInAnyOrder(names));
    }

    private void deletePolicy(Scene scene) {
        var policies = scene.list(NetworkPolicy.class);
        assertThat(policies).hasSize(1);
        scene.delete(NetworkPolicy.class, policies.getFirst().getMetadata().getName());
    }

    private void end(Scene scene) {
        node.inMachine(started.getFirst(), "sh", "-c", "echo end >/root/end").orFail();
        awaitPhase(scene, RunPhase.SUCCEEDED);
    }

    private static String addressOfRunner(Scene scene) {
        return scene.client()
                .pods()
                .withLabel(RunnerJob.COMPONENT, RunnerJob.RUNNER)
                .list()
                .getItems()
                .getFirst()
                .getStatus()
                .getPodIP();
    }

    @Test
    void aRunnerReachesItsMachinesAndNothingElseAndNobodyReachesIt(Scene scene) throws Exception {
        try (var others = scene.cluster().neighbour()) {
            var web = machine(scene, "web", true);
            machine(scene, "other", true);
            var other = node.addressOf(started.getLast());
            node.answersAlsoAt(started.getLast(), LINK_LOCAL);
            node.inMachine(started.getFirst(), "setsid", "-f", "python3", "-m", "http.server", "" + OTHER_PORT)
                    .orFail();
            var stranger = PlainPod.start(others, "stranger", "{app: stranger}", NAMES_PORT);
            var names = PlainPod.start(others, "names", "{k8s-app: kube-dns}", NAMES_PORT);
            var beside = PlainPod.start(scene.cluster(), "beside", "{app: beside}", OTHER_PORT);

            target("its-machine", node.addressOf(started.getFirst()), 22);
            target("name-server", names.address(), NAMES_PORT);
            target("port-for-runners", node.hostAddress(), runnerPort());
            target("another-port", node.addressOf(started.getFirst()), OTHER_PORT);
            target("another-machine", other, 22);
            target("link-local", LINK_LOCAL, 22);
            target("api-server", API_SERVER, 443);
            target(
                    "operators-api",
                    node.hostAddress(),
                    scene.operator().process().api().getPort());
            target("another-tenant", stranger.address(), NAMES_PORT);
            target("pod-beside-it", beside.address(), OTHER_PORT);
            look(scene, web);

            awaitReached(scene, "its-machine", "name-server", "port-for-runners");
            var runner = addressOfRunner(scene);
            assertThat(stranger.reaches(runner, RUNNER_LISTENS)).isFalse();
            assertThat(beside.reaches(runner, RUNNER_LISTENS)).isFalse();
            assertThat(node.reaches(started.getLast(), runner, RUNNER_LISTENS)).isFalse();

            deletePolicy(scene);
            awaitReached(scene, targets.keySet().toArray(String[]::new));
            assertThat(stranger.reaches(runner, RUNNER_LISTENS)).isTrue();
            assertThat(beside.reaches(runner, RUNNER_LISTENS)).isTrue();
            assertThat(node.reaches(started.getLast(), runner, RUNNER_LISTENS)).isTrue();
            end(scene);
            assertThat(events(scene)).isPositive();
        }
    }

    /** One of two machines is found by its name: port 22 is open, but not to where clouds keep the credentials of their nodes. */
    @Test
    void aMachineThatIsFoundByItsNameOpensItsPortButNotToLinkLocalAddresses(Scene scene) throws Exception {
        var web = machine(scene, "web", true);
        machine(scene, "named", true);
        node.answersAlsoAt(started.getLast(), LINK_LOCAL);
        target("its-machine", node.addressOf(started.getFirst()), 22);
        target("another-machine", node.addressOf(started.getLast()), 22);
        target("link-local", LINK_LOCAL, 22);
        target("api-server", API_SERVER, 443);
        look(scene, web, "{name: named, address: named.invalid}");

        awaitReached(scene, "its-machine", "another-machine");
        deletePolicy(scene);
        awaitReached(scene, targets.keySet().toArray(String[]::new));
    }

    private static int runnerPort() {
        return URI.create(OperatorUnderTest.runnerUrl()).getPort();
    }
}
