package com.xonetwork.tailnet.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.tenancy.HostileAct.Torment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What can be written to the API server. The API server may refuse a part of it: then nothing of it reaches the operator. */
final class HostileObjects {

    /** Of 1 MB each. */
    private static final int LARGE = 150;

    private HostileObjects() {}

    static Torment schemas(Scene hostile) {
        var doubled = IntStream.rangeClosed(1, 20)
                .mapToObj(depth -> "a%d: {allOf: [{$ref: '#/$defs/a%d'}, {$ref: '#/$defs/a%d'}]}"
                        .formatted(depth, depth - 1, depth - 1))
                .collect(Collectors.joining(
                        ", ", "{type: object, $ref: '#/$defs/a20', $defs: {a0: {type: object}, ", "}}"));
        var nested = "{type: object, properties: {a: ".repeat(200) + "{type: string}" + "}}".repeat(200);
        var schemas = Map.of(
                "doubled",
                doubled,
                "itself",
                "{type: object, $ref: '#'}",
                "nested",
                nested,
                "pattern",
                "{type: object, additionalProperties: false, properties: {x: {type: string, maxLength: 60, pattern: '(a*)*1b'}}}",
                "groups",
                "{type: object, additionalProperties: false, properties: {x: {type: string, maxLength: 60, pattern: '^((a|b)*a){20}c$'}}}");
        schemas.forEach((name, schema) -> accepted(() -> hostile.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %s}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: none, key: id}}
                  targets: {override: true}
                  parameters: %s
                """.formatted(name, schema))));
        var user = ApiUser.allowed(hostile, "deployer", "create, get, list");
        return Flood.of(
                4,
                number -> user.execute(Map.of(
                        "namespace",
                        hostile.cluster().namespace(),
                        "template",
                        schemas.keySet().stream().sorted().toList().get(number % schemas.size()),
                        "parameters",
                        Map.of("x", "a".repeat(45)),
                        "targets",
                        Map.of("nodes", List.of(Map.of("name", "m" + number, "address", "192.0.2.9"))))));
    }

    static Torment largeRuns(Scene hostile) {
        IntStream.range(0, LARGE)
                .forEach(number ->
                        run(hostile, "large-" + number, "none", false, "{x: \"%s\"}".formatted("y".repeat(1_000_000))));
        return () -> {};
    }

    static Torment inventedNames(Scene hostile) {
        return Flood.of(
                2,
                number -> run(hostile, "invented-" + number, "t-%d-%s".formatted(number, "z".repeat(200)), true, "{}"));
    }

    static Torment runsWithoutEnd(Scene hostile) {
        hostile.pingTemplate("ping");
        IntStream.range(0, 30).forEach(number -> {
            hostile.node("endless-" + number, "hostname: endless-" + number);
            run(hostile, "endless-" + number, "ping", false, "{}");
        });
        hostile.soon().until(() -> !hostile.list(Job.class).isEmpty());
        hostile.soon().until(() -> hostile.list(AutomationRun.class).stream().allMatch(run -> run.getStatus() != null));
        return () -> {};
    }

    static Torment largePolicies(Scene hostile) {
        hostile.tailnet("home", "");
        var rules = IntStream.range(0, 2_000)
                .mapToObj(number -> "{\"action\":\"accept\",\"src\":[\"100.64.%d.%d\"],\"dst\":[\"10.%d.0.0/16:*\"]}"
                        .formatted(number / 250, number % 250, number % 250))
                .collect(Collectors.joining(","));
        var tests = IntStream.range(0, 1_000)
                .mapToObj(number ->
                        "{\"src\":\"100.64.0.%d\",\"accept\":[\"10.%d.0.1:22\"]}".formatted(number % 250, number % 250))
                .collect(Collectors.joining(","));
        var accepted = IntStream.range(0, 5)
                .filter(number -> accepted(() -> hostile.policy(
                        "large-" + number, "fragment: {\"acls\":[%s],\"tests\":[%s]}".formatted(rules, tests))))
                .count();
        assertThat(accepted).isPositive();
        return () -> {};
    }

    static Torment squatting(Scene hostile, Neighbour neighbour) {
        hostile.tailnetAt(neighbour.scene().simulator().url(), "squat", "");
        hostile.secret(Scene.SECRET, Map.of("client_id", "kStranger", "client_secret", "tskey-client-none"));
        hostile.soon()
                .until(() -> hostile.condition(Tailnet.class, "squat", "CredentialsValid")
                        .isPresent());
        return () -> {};
    }

    private static void run(Scene hostile, String name, String template, boolean cancel, String parameters) {
        hostile.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %1$s}
                spec:
                  templateRef: {name: %2$s}
                  targets: {nodes: [{name: %1$s, address: 192.0.2.1}]}
                  cancel: %3$s
                  parameters: %4$s
                """.formatted(name, template, cancel, parameters));
    }

    private static boolean accepted(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KubernetesClientException _) {
            return false;
        }
    }
}
