package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.NodeUnderTest;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs with nothing played: a kubelet runs the pods, in the image that users build, and they log in to machines outside the
 * cluster. Needs {@code -Dcluster=node}.
 */
@RunningOperator
class RunNodeE2E {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private NodeUnderTest node;
    private final List<String> started = new ArrayList<>();

    @BeforeEach
    void key(Scene scene) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node has a node that runs pods");
        node = scene.cluster().node().orElseThrow();
        scene.secret("ssh", Map.of("id", node.sshKey()));
    }

    @AfterEach
    void machinesEnd() {
        started.forEach(name -> node.stopMachine(name));
    }

    /** A machine and its TailnetNode. @return the target for a run */
    private String machine(Scene scene, String name, boolean ssh) {
        var unique = name + "-" + UUID.randomUUID().toString().substring(0, 4);
        var address = ssh ? node.startMachine(unique) : node.startMachineWithoutSsh(unique);
        started.add(unique);
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: %1$s}
                spec: {hostname: %1$s, tailnetRef: {name: home}}
                """.formatted(name));
        return "{name: %s, address: %s}".formatted(name, address);
    }

    private static void template(Scene scene, String engine, String entry, String source, String more) {
        var files = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("files")
                .endMetadata()
                .addToData(entry.split(":", -1)[0], source)
                .build();
        scene.client().resource(files).createOr(there -> there.update());
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: work}
                spec:
                  engine: %s
                  source: {configMap: {name: files, entry: "%s"}}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: TrustOnFirstUse}
                %s
                """.formatted(engine, entry, more.indent(2)));
    }

    private static void run(Scene scene, String more, String... targets) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: work}
                spec:
                  templateRef: {name: work}
                  targets: {nodes: [%s]}
                %s
                """.formatted(String.join(", ", targets), more.indent(2)));
    }

    private static void awaitPhase(Scene scene, RunPhase phase) {
        scene.soon().atMost(PATIENCE).untilAsserted(() -> {
            var status = scene.get(AutomationRun.class, "work").getStatus();
            assertThat(status).isNotNull();
            assertThat(status.phase())
                    .as(status.conditions() + " " + status.hosts())
                    .isEqualTo(phase);
        });
    }

    private static @Nullable AutomationRunStatus status(Scene scene) {
        return scene.get(AutomationRun.class, "work").getStatus();
    }

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
                parameters: {type: object, properties: {text: {type: string}}}
                """);
        run(scene, "parameters: {text: \"{{ lookup('pipe', 'touch /tmp/x') }} $(id)\"}", well, failing, refusing);

        awaitPhase(scene, RunPhase.PARTIALLY_FAILED);
        var status = status(scene);
        assertThat(status.hostTotals()).isEqualTo(new HostTotals(3, 1, 1, 1, 1, 0));
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

    private static long events(Scene scene) {
        var status = status(scene);
        return status == null || status.events() == null ? 0 : status.events().received();
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
        assertThat(status(scene).hostTotals()).isEqualTo(new HostTotals(1, 1, 1, 0, 0, 0));
        assertThat(pods(scene)).hasSize(1);
    }

    private static List<Pod> pods(Scene scene) {
        return scene.client().pods().list().getItems();
    }

    @Test
    void aRunnerThatIsKilledIsSaidWithinTenSeconds(Scene scene) {
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
        assertThat(Duration.between(killed, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(status(scene).job()).isNotNull().satisfies(job -> {
            assertThat(job.exitCode()).isEqualTo(137);
            assertThat(job.terminatedReason()).isIn("Error", "OOMKilled");
        });
        assertThat(scene.condition(AutomationRun.class, "work", "Succeeded")
                        .orElseThrow()
                        .reason())
                .isEqualTo("RunnerFailed");
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

    /** Empty for a process that has ended. */
    private static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/" + file));
        } catch (IOException e) {
            return "";
        }
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

    /** What a secret becomes on its way: as it is, and in the forms that programs print. */
    private static List<String> forms(String secret) {
        var raw = secret.getBytes(UTF_8);
        return List.of(
                secret,
                Base64.getEncoder().encodeToString(raw),
                HexFormat.of().formatHex(raw),
                URLEncoder.encode(secret, UTF_8).replace("+", "%20"),
                secret.replace("\"", "\\\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ansible", "fabric"})
    void aSecretIsNowhereButInItsSecret(String engine, Scene scene) throws IOException {
        var machine = machine(scene, "web", true);
        var canary = "canary \"" + UUID.randomUUID() + "\" /&";
        scene.secret("web-password", Map.of("password", canary));
        var more = "secrets: [{variable: password, secretRef: {name: web-password, key: password}}]";
        if (engine.equals("ansible")) {
            template(scene, engine, "site.yml", """
                    - hosts: all
                      gather_facts: false
                      tasks:
                        - ansible.builtin.debug:
                            msg: ["{{ password }}", "{{ password | b64encode }}", "{{ password | urlencode }}", "{{ password | to_json }}"]
                        - ansible.builtin.raw: sleep 5
                        - ansible.builtin.fail: {msg: "cannot log in with {{ password }}"}
                    """, more);
        } else {
            template(scene, engine, "fabfile.py:leak", """
                    import base64, json, shlex, urllib.parse
                    from fabric import task

                    @task
                    def leak(c, *, password):
                        raw = password.encode()
                        for form in (password, base64.b64encode(raw).decode(), raw.hex(), urllib.parse.quote(password), json.dumps(password)):
                            c.output(form)
                        c.run("sleep 5")
                        raise RuntimeError("cannot log in with " + password)
                    """, more);
        }
        run(scene, "", machine);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(scene)).isGreaterThan(2));
        var arguments = allArguments();
        awaitPhase(scene, RunPhase.FAILED);
        var pod = pods(scene).getFirst().getMetadata().getName();
        var kubectl = scene.cluster();
        var told = String.join(
                "\n",
                arguments,
                scene.operator().logs(),
                kubectl.kubectl("logs", pod).orFail().stdout(),
                kubectl.kubectl("get", "arun,atpl,jobs,pods,events,networkpolicies", "-o", "json")
                        .orFail()
                        .stdout(),
                // The order is a Secret, and holds none.
                decoded(scene));
        assertThat(told).contains("[redacted]");
        for (var form : forms(canary)) {
            assertThat(told).doesNotContain(form);
        }
        try (var stored = Files.walk(Path.of("target", "runs"))) {
            for (var file : stored.filter(Files::isRegularFile).toList()) {
                var events = Files.readString(file);
                for (var form : forms(canary)) {
                    assertThat(events).doesNotContain(form).doesNotContain(form.replace("\"", "\\\""));
                }
            }
        }
    }

    private static String allArguments() {
        var all = new StringBuilder();
        ProcessHandle.allProcesses()
                .forEach(process -> all.append(proc(process, "cmdline")).append('\n'));
        return all.toString();
    }

    private static String decoded(Scene scene) {
        var secret = scene.client()
                .secrets()
                .withName(pods(scene).getFirst().getMetadata().getLabels().get("batch.kubernetes.io/job-name"))
                .get();
        return secret.getData().values().stream()
                .map(data -> new String(Base64.getDecoder().decode(data), UTF_8))
                .collect(Collectors.joining("\n"));
    }
}
