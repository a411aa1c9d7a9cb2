package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.scene.PlayedPod;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the running operator, whose callers are ServiceAccounts of a real API server. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class ServiceManagerIT {

    private static final String ALL = "create, get, list, patch, update";

    @BeforeEach
    void machines(Scene scene) {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: web-1}
                spec: {hostname: web-1, tailnetRef: {name: home}}
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: web-2}
                spec: {hostname: web-2, tailnetRef: {name: home}}
                ---
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  targets: {override: true}
                  parameters:
                    type: object
                    properties: {count: {type: integer}}
                    additionalProperties: false
                """);
    }

    private static Map<String, Object> order(Scene scene) {
        return new HashMap<>(Map.of(
                "namespace",
                scene.cluster().namespace(),
                "template",
                "ping",
                "targets",
                Map.of(
                        "nodes",
                        List.of(
                                Map.of("name", "web-1", "address", "192.0.2.1"),
                                Map.of("name", "web-2", "address", "192.0.2.2")))));
    }

    private static Map<String, Object> order(Scene scene, String field, Object value) {
        var order = order(scene);
        order.put(field, value);
        return order;
    }

    private static String user(Scene scene, String account) {
        return "system:serviceaccount:" + scene.cluster().namespace() + ":" + account;
    }

    private static String name(ApiUser.Answer accepted) {
        return accepted.text("runId").split("\\.", 2)[1];
    }

    @Test
    void anOrderFromItsAnswerToItsRecord(Scene scene) {
        var user = ApiUser.allowed(scene, "deployer", ALL);
        var accepted = user.execute(order(scene, "requestId", "ticket-7"));

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.headers().get("location").getFirst()).endsWith(accepted.text("statusUrl"));
        // At once, whatever the operator's caches know.
        var view = user.get(accepted.text("statusUrl"));
        assertThat(view.status()).isEqualTo(200);
        assertThat(view.text("requestedBy")).isEqualTo(user(scene, "deployer"));
        assertThat(view.text("requestId")).isEqualTo("ticket-7");
        assertThat(view.body().path("ended").asBoolean()).isFalse();
        var run = scene.get(AutomationRun.class, name(accepted));
        assertThat(run.getSpec().requestedBy()).isEqualTo(user(scene, "deployer"));
        assertThat(run.getSpec().targets().nodes()).hasSize(2);

        var pod = PlayedPod.of(scene, name(accepted), 1);
        pod.tells("run_started", Map.of("text", "PLAY [ping]"))
                .tells("host_ok", Map.of("host", "web-1", "changed", true, "text", "changed: [web-1]"))
                .tells("host_ok", Map.of("host", "web-2", "text", "ok: [web-2]"));
        assertThat(pod.push(100)).isEqualTo(200);
        pod.ends("Completed", 0, pod.summary("finished", "changed", "ok"));

        var events = user.follow(accepted.text("eventsUrl"));
        assertThat(events).extracting(ApiUser.Event::id).startsWith("1-1", "1-2", "1-3");
        assertThat(events.get(1).data().path("host").asText()).isEqualTo("web-1");
        assertThat(events.getLast().name()).isEqualTo("end");
        assertThat(events.getLast().data().path("phase").asText()).isEqualTo("Succeeded");

        view = user.get(accepted.text("statusUrl"));
        assertThat(view.text("phase")).isEqualTo("Succeeded");
        assertThat(view.body().path("ended").asBoolean()).isTrue();
        assertThat(view.body().path("hostTotals").path("changed").asInt()).isEqualTo(1);
        assertThat(view.body().path("hosts").findValuesAsText("name")).containsExactly("web-1", "web-2");
    }

    @Test
    void streamsGoOnWhereTheyBrokeOffAndFollowWhatHappens(Scene scene) throws Exception {
        var user = ApiUser.allowed(scene, "reader", ALL);
        var accepted = user.execute(order(scene));
        var pod = PlayedPod.of(scene, name(accepted), 1);
        pod.tells("run_started", Map.of());
        for (var i = 0; i < 300; i++) {
            pod.tells("host_ok", Map.of("host", i % 2 == 0 ? "web-1" : "web-2", "text", "line " + i));
        }
        assertThat(pod.push(200)).isEqualTo(200);

        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var events = accepted.text("eventsUrl");
            var whole = readers.submit(() -> user.follow(events));
            var rest = readers.submit(() -> user.follow(events, "Last-Event-ID", "1-150"));
            var restByParameter = readers.submit(() -> user.follow(events + "?after=1-299"));
            var one = readers.submit(() -> user.follow(events + "?host=web-2"));
            // The others come while they read.
            assertThat(pod.push(200)).isEqualTo(200);
            pod.ends("Completed", 0, pod.summary("finished", "ok", "ok"));

            assertThat(whole.get().stream().map(ApiUser.Event::id).filter(id -> !id.isEmpty()))
                    .hasSize(301)
                    .doesNotHaveDuplicates()
                    .startsWith("1-1")
                    .endsWith("1-301");
            assertThat(rest.get().stream().map(ApiUser.Event::id).filter(id -> !id.isEmpty()))
                    .hasSize(151)
                    .startsWith("1-151");
            assertThat(restByParameter.get()).extracting(ApiUser.Event::id).containsExactly("1-300", "1-301", "");
            assertThat(one.get().stream()
                            .map(event -> event.data().path("host").asText())
                            .filter(host -> !host.isEmpty()))
                    .hasSize(150)
                    .containsOnly("web-2");
        }

        var log = user.get(accepted.text("statusUrl") + "/log");
        assertThat(log.text("text")).startsWith("line 0\nline 1\n").endsWith("line 299\n");
        assertThat(log.body().path("completed").asBoolean()).isTrue();
        var tail = user.get(accepted.text("statusUrl") + "/log?offset=299&host=web-2");
        assertThat(tail.text("text")).isEqualTo("line 299\n");
        assertThat(tail.body().path("nextOffset").asInt()).isEqualTo(301);
        assertThat(user.get(accepted.text("statusUrl") + "/log?offset=301").text("text"))
                .isEmpty();
        assertThat(user.get(accepted.text("eventsUrl") + "?after=soon").status())
                .isEqualTo(400);
    }

    /** All there is to say is there before the head of the answer is. */
    @Test
    void aStreamOfARunThatHasEndedIsWholeEachTime(Scene scene) throws Exception {
        var user = ApiUser.allowed(scene, "historian", ALL);
        var accepted = user.execute(order(scene));
        var pod = PlayedPod.of(scene, name(accepted), 1);
        pod.tells("output", Map.of("host", "web-1", "text", "done")).push(10);
        pod.ends("Completed", 0, pod.summary("finished", "ok", "ok"));
        var run = accepted.text("statusUrl");
        scene.soon()
                .untilAsserted(
                        () -> assertThat(user.get(run).body().path("ended").asBoolean())
                                .isTrue());
        try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < 15; round++) {
                var reader = (Callable<List<ApiUser.Event>>) () -> user.follow(accepted.text("eventsUrl"));
                for (var stream : readers.invokeAll(Collections.nCopies(20, reader))) {
                    assertThat(stream.get()).extracting(ApiUser.Event::name).endsWith("end");
                }
            }
        }
    }

    @Test
    void aReaderWhoseRightIsTakenAwayIsToldAndLeft(Scene scene) throws Exception {
        var user = ApiUser.allowed(scene, "leaver", ALL);
        var accepted = user.execute(order(scene));
        var answer = user.open(accepted.text("eventsUrl"));
        assertThat(answer.statusCode()).isEqualTo(200);
        try (var lines = answer.body()) {
            scene.delete(RoleBinding.class, "leaver");
            var last = ApiUser.read(lines).getLast();
            assertThat(last.name()).isEqualTo("end");
            assertThat(last.data().has("phase")).isFalse();
            assertThat(last.data().path("message").asText()).contains("may not get automationruns");
        }
        assertThat(user.get(accepted.text("statusUrl")).status()).isEqualTo(403);
    }

    @Test
    void nobodyComesInWithoutAToken(Scene scene) {
        for (var stranger : List.of(ApiUser.withToken(scene, ""), ApiUser.withToken(scene, "nonsense"))) {
            for (var answer : List.of(
                    stranger.get("/api/runs"),
                    stranger.get("/api/runs/a.b"),
                    stranger.get("/api/runs/a.b/log"),
                    stranger.get("/api/runs/a.b/events"),
                    stranger.execute(order(scene)),
                    stranger.post("/api/runs/a.b/cancel", ""),
                    stranger.post("/api/runs/a.b/approve", Map.of()))) {
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.problem()).isTrue();
                assertThat(answer.headers().get("www-authenticate")).containsExactly("Bearer");
                assertThat(answer.text("detail")).isNotEmpty();
            }
        }
        assertThat(scene.list(AutomationRun.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 403 403 403 403 403 403 403",
        "get, 403 403 200 200 200 403 403",
        "list, 403 200 403 403 403 403 403",
        "create, 202 403 403 403 403 403 403",
        "patch, 403 403 403 403 403 202 403",
        "update, 403 403 403 403 403 403 403",
        "'patch, update', 403 403 403 403 403 202 409",
    })
    void eachCallNeedsTheVerbThatKubectlWouldNeed(String verbs, String expected, Scene scene) {
        var owner = ApiUser.allowed(scene, "owner", ALL);
        var accepted = owner.execute(order(scene));
        var pod = PlayedPod.of(scene, name(accepted), 1);
        if (verbs.equals("get")) {
            // So that its stream of events ends.
            pod.ends("Completed", 0, pod.summary("finished", "ok", "ok"));
        }
        var user = ApiUser.allowed(scene, "user", verbs.isEmpty() ? "watch" : verbs);
        var run = accepted.text("statusUrl");
        var namespace = scene.cluster().namespace();

        var statuses = List.of(
                user.execute(order(scene)).status(),
                user.get("/api/runs?namespace=" + namespace).status(),
                user.get(run).status(),
                user.get(run + "/log").status(),
                user.open(run + "/events").statusCode(),
                user.post(run + "/cancel", "").status(),
                user.post(run + "/approve", Map.of("inputsHash", "0123456789abcdef"))
                        .status());

        assertThat(String.join(" ", statuses.stream().map(String::valueOf).toList()))
                .isEqualTo(expected);
        // The rights are those in one namespace.
        assertThat(user.get("/api/runs").status()).isEqualTo(403);
        assertThat(user.execute(order(scene, "namespace", "default")).status()).isEqualTo(403);
        assertThat(user.get("/api/runs/default.some").status()).isEqualTo(403);
    }

    @Test
    void anOrderThatIsSentAgainIsCarriedOutOnce(Scene scene) throws Exception {
        var user = ApiUser.allowed(scene, "retrier", ALL);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = java.util.Collections.nCopies(
                    20, (Callable<ApiUser.Answer>) () -> user.execute(order(scene), "Idempotency-Key", "deploy 41"));
            var runs = new HashSet<String>();
            for (var call : callers.invokeAll(calls)) {
                assertThat(call.get().status()).isEqualTo(202);
                runs.add(call.get().text("runId"));
            }
            assertThat(runs).hasSize(1);
        }
        assertThat(scene.list(AutomationRun.class)).hasSize(1);

        var other = user.execute(order(scene, "checkMode", true), "Idempotency-Key", "deploy 41");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("detail")).contains("Idempotency-Key").contains("another request");
        // A key is the caller's own.
        var colleague = ApiUser.allowed(scene, "colleague", ALL);
        assertThat(colleague
                        .execute(order(scene), "Idempotency-Key", "deploy 41")
                        .status())
                .isEqualTo(202);
        assertThat(user.execute(order(scene), "Idempotency-Key", "deploy 42").status())
                .isEqualTo(202);
        assertThat(user.execute(order(scene)).status()).isEqualTo(202);
        assertThat(user.execute(order(scene)).status()).isEqualTo(202);
        assertThat(scene.list(AutomationRun.class)).hasSize(5);
        assertThat(user.execute(order(scene), "Idempotency-Key", "k".repeat(256))
                        .status())
                .isEqualTo(400);
    }

    /** The name can be found out beforehand; where no admission policy is, so can the annotation be written. */
    @Test
    void aRunThatSomebodyElseMadeBeforehandIsNotTheCallers(Scene scene) {
        var user = ApiUser.allowed(scene, "early", ALL);
        var name = name(user.execute(order(scene), "Idempotency-Key", "deploy 43"));
        var genuine = scene.get(AutomationRun.class, name);
        for (var forged : List.of(
                "targets: {nodes: [{name: web-1, address: 192.0.2.66}, {name: web-2, address: 192.0.2.2}]}",
                "checkMode: true",
                "parameters: {count: 7}",
                "requestedBy: somebody-else",
                "templateRef: {name: another}")) {
            replace(scene, genuine, forged);
            var answer = user.execute(order(scene), "Idempotency-Key", "deploy 43");
            assertThat(answer.status()).as(forged).isEqualTo(409);
            assertThat(answer.text("detail")).contains(name, "Use a new key");
        }
        replace(scene, genuine, "");
        assertThat(name(user.execute(order(scene), "Idempotency-Key", "deploy 43")))
                .isEqualTo(name);
    }

    private static void replace(Scene scene, AutomationRun genuine, String other) {
        var name = genuine.getMetadata().getName();
        scene.delete(AutomationRun.class, name);
        var run = Serialization.unmarshal(Serialization.asYaml(genuine), GenericKubernetesResource.class);
        run.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withAnnotations(genuine.getMetadata().getAnnotations())
                .build());
        run.getAdditionalProperties().remove("status");
        var spec = new HashMap<>(run.<Map<String, Object>>get("spec"));
        spec.putAll(
                Serialization.unmarshal(other.isEmpty() ? "{}" : other, new TypeReference<Map<String, Object>>() {}));
        run.setAdditionalProperty("spec", spec);
        try (var client = scene.cluster().as(scene.operator().user(), "system:masters")) {
            client.resource(run).create();
        }
    }

    @Test
    void parametersAreTheSameHoweverTheirNumbersAreWritten(Scene scene) {
        var user = ApiUser.allowed(scene, "counter", ALL);
        for (var again = 0; again < 2; again++) {
            assertThat(user.execute(order(scene, "parameters", Map.of("count", 3.0)), "Idempotency-Key", "deploy 44")
                            .status())
                    .isEqualTo(202);
        }
        assertThat(scene.list(AutomationRun.class)).hasSize(1);
    }

    @Test
    void whatCannotBeIsRefusedWithAReasonAndNothingIsMade(Scene scene) {
        var user = ApiUser.allowed(scene, "clumsy", ALL);
        var noNamespace = order(scene);
        noNamespace.remove("namespace");

        refused(user.execute(noNamespace), 400, "namespace is missing");
        refused(user.execute(order(scene, "template", "")), 400, "template is missing");
        refused(user.execute(order(scene, "command", "id")), 400, "command");
        refused(user.post("/api/execute", "{"), 400, "");
        refused(user.post("/api/execute", "[]"), 400, "must be a JSON object");
        refused(user.execute(order(scene, "targets", List.of("web-1"))), 400, "targets has a value of the wrong type");
        refused(user.execute(order(scene, "checkMode", "maybe")), 400, "checkMode");
        refused(user.post("/api/execute", "{\"parameters\": \"" + "x".repeat(1_100_000) + "\"}"), 413, null);
        refused(user.execute(order(scene, "template", "pong")), 422, "no AutomationTemplate pong");
        refused(user.execute(order(scene, "parameters", Map.of("count", "many"))), 422, "count");
        refused(user.execute(order(scene, "parameters", Map.of("ansible_user", "root"))), 422, "ansible_user");
        refused(user.execute(order(scene, "targets", Map.of())), 422, "exactly one of nodes and selector");
        var option = Map.of("nodes", List.of(Map.of("name", "web-1", "address", "-oProxyCommand=id")));
        refused(user.execute(order(scene, "targets", option)), 422, "address");
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: fixed}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                """);
        for (var field : List.of("address", "port", "user", "hostKey")) {
            Object value = field.equals("port") ? 22 : field.equals("hostKey") ? "ssh-ed25519 AAAA" : "me";
            var order = order(scene, "template", "fixed");
            order.put(
                    "targets",
                    Map.of("nodes", List.of(Map.of("name", "web-2"), Map.of("name", "web-1", field, value))));
            refused(user.execute(order), 422, "does not let a run give " + field + " of a machine (web-1)");
        }
        var strict = order(scene);
        strict.put("targets", Map.of("nodes", List.of(Map.of("name", "web-1", "hostKey", "ssh-ed25519 AAAA"))));
        refused(user.execute(strict), 422, "Strict");
        refused(user.get("/api/runs?namespace=x&limit=0"), 400, "limit");
        refused(user.get("/api/runs?phase=Lost"), 400, "phase");
        refused(user.get("/api/runs/..%2fsecrets"), 404, "");
        refused(user.get("/api/runs/" + scene.cluster().namespace() + ".none"), 404, "there is no AutomationRun none");
        assertThat(scene.list(AutomationRun.class)).isEmpty();
    }

    private static void refused(ApiUser.Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        if (detail != null) {
            assertThat(answer.problem()).as(answer.body().toString()).isTrue();
            assertThat(answer.text("detail") + answer.body()).contains(detail);
        }
    }

    @Test
    void aRunThatNeedsApprovalIsApprovedAsItWasLookedAt(Scene scene) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: reboot}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}}
                  targets: {override: true}
                  requireApproval: true
                """);
        var user = ApiUser.allowed(scene, "approver", ALL);
        var accepted = user.execute(order(scene, "template", "reboot"));
        var run = accepted.text("statusUrl");
        scene.soon().untilAsserted(() -> assertThat(user.get(run).text("phase")).isEqualTo("AwaitingApproval"));

        var looked = Map.of("inputsHash", user.get(run).text("inputsHash"));
        var changer = ApiUser.allowed(scene, "changer", "get, patch");
        refused(changer.post(run + "/approve", looked), 403, "may not update automationruns/approval");
        var decider = ApiUser.allowed(scene, "decider", "get, update");
        refused(decider.post(run + "/approve", looked), 403, "may not patch automationruns");

        refused(user.post(run + "/approve", Map.of("inputsHash", "0123456789abcdef")), 409, "look at it again");
        refused(user.post(run + "/approve", Map.of()), 400, "inputsHash");
        var hash = user.get(run).text("inputsHash");
        assertThat(user.post(run + "/approve", Map.of("inputsHash", hash)).status())
                .isEqualTo(202);

        PlayedPod.of(scene, name(accepted), 1);
        assertThat(scene.get(AutomationRun.class, name(accepted))
                        .getSpec()
                        .approval()
                        .by())
                .isEqualTo(user(scene, "approver"));
        // The Job is there before the status tells of it.
        scene.soon().untilAsserted(() -> assertThat(user.get(run).text("phase")).isEqualTo("Running"));
        refused(user.post(run + "/approve", Map.of("inputsHash", hash)), 409, "waits for no approval");

        var denied = user.execute(order(scene, "template", "reboot"));
        scene.soon()
                .untilAsserted(
                        () -> assertThat(user.get(denied.text("statusUrl")).text("phase"))
                                .isEqualTo("AwaitingApproval"));
        var other = user.get(denied.text("statusUrl")).text("inputsHash");
        assertThat(user.post(denied.text("statusUrl") + "/approve", Map.of("inputsHash", other, "decision", "Deny"))
                        .status())
                .isEqualTo(202);
        scene.soon()
                .untilAsserted(
                        () -> assertThat(user.get(denied.text("statusUrl")).text("phase"))
                                .isEqualTo("Cancelled"));
    }

    @Test
    void aRunIsCancelledOnce(Scene scene) {
        var user = ApiUser.allowed(scene, "canceller", ALL);
        var accepted = user.execute(order(scene));
        var pod = PlayedPod.of(scene, name(accepted), 1);
        var run = accepted.text("statusUrl");

        assertThat(user.post(run + "/cancel", "").status()).isEqualTo(202);
        assertThat(user.post(run + "/cancel", "").status()).isEqualTo(202);
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.get(AutomationRun.class, name(accepted)).getStatus())
                        .extracting(status -> status.phase())
                        .isEqualTo(RunPhase.CANCELLING));
        pod.ends("Error", 143, pod.summary("cancelled", "ok", "skipped"));
        scene.soon().untilAsserted(() -> assertThat(user.get(run).text("phase")).isEqualTo("Cancelled"));
        refused(user.post(run + "/cancel", ""), 409, "has ended");
    }

    @Test
    void listsGoPageByPageAndKeepToWhatIsAskedFor(Scene scene) {
        var user = ApiUser.allowed(scene, "lister", ALL);
        for (var i = 0; i < 5; i++) {
            assertThat(user.execute(order(scene, "requestId", "r" + i)).status())
                    .isEqualTo(202);
        }
        var namespace = scene.cluster().namespace();
        var seen = new HashSet<String>();
        var path = "/api/runs?namespace=" + namespace + "&limit=2";
        var next = "";
        var pages = 0;
        do {
            var page = user.get(path + next);
            assertThat(page.status()).isEqualTo(200);
            seen.addAll(page.body().path("items").findValuesAsText("requestId"));
            next = page.body().has("continue") ? "&continue=" + page.text("continue") : "";
            pages++;
        } while (!next.isEmpty());
        assertThat(seen).containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "r4");
        assertThat(pages).isEqualTo(3);
        assertThat(user.get("/api/runs?namespace=" + namespace + "&template=pong")
                        .body()
                        .path("items"))
                .isEmpty();
        scene.soon()
                .untilAsserted(() -> assertThat(user.get("/api/runs?namespace=" + namespace + "&phase=Queued")
                                .body()
                                .path("items"))
                        .hasSize(4));
        refused(user.get("/api/runs?namespace=" + namespace + "&continue=nonsense"), 422, "continue");
    }

    @Test
    void itIsDescribedAsTheDocumentationHasIt(Scene scene) throws Exception {
        var served = ApiUser.withToken(scene, "").text("/api/openapi");
        assertThat(served).contains("operationId: execute", "operationId: streamEvents");
        var yaml = new YAMLMapper();
        assertThat(yaml.readTree(served))
                .as("run hack/openapi and commit what it writes")
                .isEqualTo(yaml.readTree(Path.of("docs/reference/openapi.yaml").toFile()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/metrics", "/q/health/ready"})
    void whatIsForTheClusterIsNotOnTheApisPort(String path, Scene scene) {
        assertThat(ApiUser.withToken(scene, "").get(path).status()).isEqualTo(404);
    }
}
