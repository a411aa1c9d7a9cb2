package com.xonetwork.tailnet.ship;

import static com.xonetwork.tailnet.ship.As.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admission policies on what the operator has made for a run or a node: what it believes, nobody else makes. */
@RunningOperator
class MadeByOperatorIT {

    private static final String LABELS =
            "app.kubernetes.io/managed-by: xo-tailnet-operator, app.kubernetes.io/component: runner";
    private static final String JOB = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: attempt
              labels: {%1$s}
            spec:
              template:
                metadata:
                  labels: {%1$s}
                spec:
                  restartPolicy: Never
                  serviceAccountName: xo-runner
                  automountServiceAccountToken: false
                  securityContext: {runAsNonRoot: true}
                  containers:
                    - name: runner
                      image: registry.invalid/runner:1
                      securityContext: {allowPrivilegeEscalation: false}
                  volumes:
                    - {name: work, emptyDir: {}}
            """.formatted(LABELS);

    private static final String ATTEMPT = "xo-run-0b1f5c1e-6f3c-4a8e-9d55-0c1d2e3f4a5b-1";
    private static final String RUNNERS_POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: runner, labels: {%s}}
            spec: {containers: [{name: runner, image: "registry.invalid/runner:1"}]}
            """.formatted(LABELS);

    private static final String OTHER_OWNER =
            "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\",\"uid\":\"0b1f5c1e-6f3c-4a8e-9d55-0c1d2e3f4a5c\",\"controller\":true}]}}";

    private static String of(String apiVersion, String kind, String metadata, String more) {
        return "apiVersion: %s%nkind: %s%nmetadata: {name: %s}%n%s".formatted(apiVersion, kind, metadata, more);
    }

    private static String made(String kind) {
        var labels = ", labels: {" + LABELS + "}, annotations: {tailnet.xo-network.com/inputs: abc}";
        return switch (kind) {
            case "Job" ->
                JOB.replace("name: attempt", "name: made\n  annotations: {tailnet.xo-network.com/inputs: abc}");
            case "NetworkPolicy" -> of("networking.k8s.io/v1", kind, "made" + labels, "spec: {podSelector: {}}");
            default -> of("v1", kind, "made" + labels, "data: {a: QQ==}");
        };
    }

    private static Class<? extends HasMetadata> type(String kind) {
        return switch (kind) {
            case "Job" -> Job.class;
            case "NetworkPolicy" -> NetworkPolicy.class;
            case "ConfigMap" -> ConfigMap.class;
            default -> Secret.class;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"Secret", "ConfigMap", "Job", "NetworkPolicy"})
    void whatTheOperatorHasMadeIsMadeByNobodyElse(String kind, Scene scene) {
        var jane = As.mighty(scene, "jane");
        var label = "says that the operator made this object";
        // The label of a Job's pods is refused by another policy, and the API server asks policies in no order.
        var refusals = "Job".equals(kind) ? List.of(label, "says that the operator made the Job") : List.of(label);
        for (var other : List.of(jane, As.garbageCollector(scene), As.jobController(scene))) {
            assertThat(other.creates(made(kind))).containsAnyOf(refusals.toArray(String[]::new));
        }
        var unlabelled = made(kind).replace("app.kubernetes.io/managed-by: xo-tailnet-operator", "team: net");
        assertThat(jane.creates(unlabelled)).isEqualTo(TAKEN);
        assertThat(jane.patches(
                        type(kind),
                        "made",
                        "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"xo-tailnet-operator\"}}}"))
                .contains(label);
        assertThat(jane.does(
                        client -> client.resources(type(kind)).withName("made").delete()))
                .isEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(made(kind))).isEqualTo(TAKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Secret", "ConfigMap", "Job", "NetworkPolicy"})
    void whatTheOperatorHasMadeStaysAsItIsUntilItIsDeleted(String kind, Scene scene) {
        var jane = As.mighty(scene, "jane");
        assertThat(As.operator(scene).creates(made(kind))).isEqualTo(TAKEN);
        for (var label : List.of("app.kubernetes.io/managed-by", "app.kubernetes.io/component")) {
            assertThat(jane.patches(type(kind), "made", "{\"metadata\":{\"labels\":{\"" + label + "\":null}}}"))
                    .contains("Its labels of app.kubernetes.io");
        }
        assertThat(jane.patches(
                        type(kind), "made", "{\"metadata\":{\"labels\":{\"tailnet.xo-network.com/attempt\":\"2\"}}}"))
                .contains("Its labels of app.kubernetes.io");
        assertThat(jane.patches(
                        type(kind),
                        "made",
                        "{\"metadata\":{\"annotations\":{\"tailnet.xo-network.com/inputs\":\"z\"}}}"))
                .contains("Its annotations of tailnet.xo-network.com");
        assertThat(jane.patches(type(kind), "made", OTHER_OWNER)).contains("its owner references say for what");
        assertThat(jane.patches(type(kind), "made", "{\"metadata\":{\"annotations\":{\"note\":\"z\"}}}"))
                .isEqualTo(TAKEN);
        assertThat(jane.does(
                        client -> client.resources(type(kind)).withName("made").delete()))
                .isEqualTo(TAKEN);
    }

    @Test
    void whatARunIsMadeOfIsChangedByTheOperatorOnly(Scene scene) {
        var jane = As.mighty(scene, "jane");
        for (var kind : List.of("Secret", "ConfigMap", "Job", "NetworkPolicy")) {
            assertThat(As.operator(scene).creates(made(kind))).isEqualTo(TAKEN);
        }
        var refusal = "only its account " + scene.operator().user() + " may change it";
        assertThat(jane.patches(Secret.class, "made", "{\"data\":{\"a\":\"Qg==\"}}"))
                .contains(refusal);
        assertThat(jane.patches(Job.class, "made", "{\"spec\":{\"suspend\":true}}"))
                .contains(refusal);
        assertThat(jane.patches(NetworkPolicy.class, "made", "{\"spec\":{\"policyTypes\":[\"Egress\"]}}"))
                .contains(refusal);
        // Host keys of machines that are gone are taken out by people.
        assertThat(jane.patches(ConfigMap.class, "made", "{\"data\":{\"a\":\"b\"}}"))
                .isEqualTo(TAKEN);
        var ended = "{\"status\":{\"active\":1}}";
        assertThat(jane.patchesStatus(Job.class, "made", ended))
                .contains("The Job controller of the cluster alone writes the status");
        assertThat(As.jobController(scene).patchesStatus(Job.class, "made", ended))
                .isEqualTo(TAKEN);
        assertThat(jane.creates(of("v1", "ConfigMap", "plain", "data: {a: b}"))).isEqualTo(TAKEN);
    }

    /** Or a pod of theirs could say how another run ended. */
    @Test
    void aRunnersPodIsMadeByTheJobControllerOnly(Scene scene) {
        var jane = As.mighty(scene, "jane");
        for (var other : List.of(jane, As.garbageCollector(scene))) {
            assertThat(other.creates(RUNNERS_POD)).contains("on pods the cluster's Job controller");
        }
        assertThat(jane.creates(RUNNERS_POD.replace(LABELS, "team: net"))).isEqualTo(TAKEN);
        assertThat(jane.patches(
                        Pod.class,
                        "runner",
                        "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"xo-tailnet-operator\"}}}"))
                .contains("says that the operator made this object");
        assertThat(jane.does(client ->
                        client.pods().withName("runner").withGracePeriod(0).delete()))
                .isEqualTo(TAKEN);

        assertThat(As.jobController(scene).creates(RUNNERS_POD)).isEqualTo(TAKEN);
        assertThat(jane.patches(Pod.class, "runner", OTHER_OWNER)).contains("its owner references");
        assertThat(jane.patches(
                        Pod.class, "runner", "{\"metadata\":{\"labels\":{\"batch.kubernetes.io/job-name\":\"x\"}}}"))
                .contains("Its labels of");
        assertThat(jane.does(client -> client.pods().withName("runner").patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "replace", "path": "/spec/containers/0/image", "value": "registry.invalid/another:1"}]
                        """)))
                .contains("may change it");
        // Networks and kubelets note things on pods.
        assertThat(jane.patches(Pod.class, "runner", "{\"metadata\":{\"annotations\":{\"cni.example.com/ip\":\"x\"}}}"))
                .isEqualTo(TAKEN);
        assertThat(As.jobController(scene).patches(Pod.class, "runner", OTHER_OWNER))
                .isEqualTo(TAKEN);
    }

    /** Or their Job would keep the operator from making its own, or have the Job controller make a pod with its labels. */
    @Test
    void namesAndPodsOfAttemptsAreTheOperators(Scene scene) {
        var jane = As.mighty(scene, "jane");
        var plain = JOB.replace(LABELS, "team: net");
        assertThat(plain).doesNotContain("managed-by");
        for (var name : List.of(ATTEMPT, ATTEMPT + "-source")) {
            assertThat(jane.creates(of("v1", "Secret", name, ""))).contains("Choose another name");
        }
        assertThat(jane.creates(plain.replace("name: attempt", "name: " + ATTEMPT)))
                .contains("Choose another name");
        assertThat(jane.creates(of("networking.k8s.io/v1", "NetworkPolicy", ATTEMPT, "spec: {podSelector: {}}")))
                .contains("Choose another name");
        assertThat(jane.creates(of("v1", "Secret", "xo-run-of-mine", ""))).isEqualTo(TAKEN);

        var pods = plain.substring(0, plain.lastIndexOf("team: net"))
                + LABELS
                + plain.substring(plain.lastIndexOf("team: net") + "team: net".length());
        assertThat(jane.creates(pods)).contains("on a Job's pods says that the operator made the Job");
        assertThat(jane.creates(plain)).isEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(JOB.replace("name: attempt", "name: " + ATTEMPT)))
                .isEqualTo(TAKEN);
    }
}
