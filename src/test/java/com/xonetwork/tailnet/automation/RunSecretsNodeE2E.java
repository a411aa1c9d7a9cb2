package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.testbed.TestFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a secret of a run is, while it runs on a real node and afterwards: in its Secret, and nowhere else. */
@RunningOperator
class RunSecretsNodeE2E extends RunsOnNode {

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
        scene.soon().until(() -> !pods(scene).isEmpty());
        // It goes when the run has ended.
        var order = decoded(scene);
        scene.soon()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(events(scene)).isGreaterThan(2));
        var arguments = allArguments();
        var uid = pods(scene).getFirst().getMetadata().getUid();
        assertThat(volumes(uid))
                .as("the order, the SSH key, the source, the secret, and where the runner works")
                .hasSize(5)
                .allSatisfy(mount -> assertThat(mount.split(" ", -1)[2]).isEqualTo("tmpfs"));
        awaitPhase(scene, RunPhase.FAILED);
        scene.soon().untilAsserted(() -> assertThat(volumes(uid)).isEmpty());
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
                order,
                apiAnswers(scene));
        assertThat(told).contains("[redacted]");
        for (var form : forms(canary)) {
            assertThat(told).doesNotContain(form);
        }
        var stored = node.stored(scene.cluster().namespace());
        var itsSecret = "/registry/secrets/" + scene.cluster().namespace() + "/web-password";
        assertThat(stored.remove(itsSecret))
                .as("what is looked for can be found")
                .contains(canary);
        assertThat(stored).hasSizeGreaterThan(5);
        for (var form : forms(canary)) {
            assertThat(stored)
                    .allSatisfy((key, value) -> assertThat(value).as(key).doesNotContain(form));
        }
        try (var files = Files.walk(TestFiles.directory().resolve("runs"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var events = Files.readString(file);
                for (var form : forms(canary)) {
                    assertThat(events).doesNotContain(form).doesNotContain(form.replace("\"", "\\\""));
                }
            }
        }
    }

    /** What is mounted for a pod's volumes, as the kernel has it. */
    private static List<String> volumes(String uid) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains("/pods/" + uid + "/volumes/"))
                .toList();
    }

    private static String apiAnswers(Scene scene) {
        var user = ApiUser.allowed(scene, "reader", "get, list");
        var run = "/api/runs/" + scene.cluster().namespace() + ".work";
        var log = user.get(run + "/log");
        var events = user.text(run + "/events");
        assertThat(log.text("text")).contains("[redacted]");
        assertThat(events).contains("[redacted]");
        return String.join(
                "\n",
                user.get(run).body().toString(),
                user.get("/api/runs?namespace=" + scene.cluster().namespace())
                        .body()
                        .toString(),
                log.text("text"),
                // As it is on the wire and as a reader has it.
                events,
                events.replace("\\\"", "\""));
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
