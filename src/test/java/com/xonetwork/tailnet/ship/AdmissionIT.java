package com.xonetwork.tailnet.ship;

import static com.xonetwork.tailnet.ship.As.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.scene.Rights;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.ShippedManifests;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The admission policies that are shipped, each rule where it refuses and where it lets pass, on a real API server. */
@RunningOperator
class AdmissionIT {

    private static final String DECISION =
            "{\"spec\":{\"approval\":{\"decision\":\"Approve\",\"inputsHash\":\"0123456789abcdef\"%s}}}";
    /** The CRD says so too, and first. */
    private static final String BORN = "approval cannot be set when a run is created";

    private static final String NODE = "TailnetNode";
    private static final String POLICY = "HealPolicy";

    private static String run(String name, String metadata, String spec) {
        return """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s%s}
                spec: {templateRef: {name: not-there}, targets: {nodes: [{name: web-1}]}%s}
                """.formatted(name, metadata, spec);
    }

    private static String owner(String kind, boolean controller) {
        return ", ownerReferences: [{apiVersion: tailnet.xo-network.com/v1alpha1, kind: %s, name: web-1, uid: 0b1f5c1e-6f3c-4a8e-9d55-0c1d2e3f4a5b, controller: %s}]"
                .formatted(kind, controller);
    }

    private static String owners(String kind) {
        return "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"tailnet.xo-network.com/v1alpha1\",\"kind\":\""
                + kind + "\",\"name\":\"web-1\",\"uid\":\"0b1f5c1e-6f3c-4a8e-9d55-0c1d2e3f4a5b\"}]}}";
    }

    private static String decision(String by) {
        return DECISION.formatted(by.isEmpty() ? "" : ",\"by\":\"" + by + "\"");
    }

    private static void bind(Scene scene, String role, String user) {
        scene.cluster()
                .kubectl(
                        "create",
                        "rolebinding",
                        role + "-" + user,
                        "--clusterrole=xo-tailnet-operator-" + role,
                        "--user=" + user)
                .orFail();
        Rights.await(scene);
    }

    // Approvals

    @Test
    void noRunIsApprovedWhenItIsCreated(Scene scene) {
        var approved = run("born", "", ", approval: {decision: Approve, inputsHash: 0123456789abcdef}");

        assertThat(As.mighty(scene, "jane").creates(approved)).contains(BORN);
        assertThat(As.operator(scene).creates(approved)).contains(BORN);
        assertThat(As.mighty(scene, "jane").creates(run("born", "", ""))).isEqualTo(TAKEN);
    }

    @Test
    void whoMayPatchRunsCancelsThemAndDoesNotDecide(Scene scene) {
        bind(scene, "orderer", "olga");
        var olga = new As(scene, "olga");
        assertThat(olga.creates(run("ordered", "", ""))).isEqualTo(TAKEN);

        assertThat(olga.patches(AutomationRun.class, "ordered", decision("")))
                .contains("\"olga\" may not decide on AutomationRuns in namespace", "xo-tailnet-operator-approver");
        assertThat(olga.patches(AutomationRun.class, "ordered", "{\"metadata\":{\"labels\":{\"team\":\"net\"}}}"))
                .isEqualTo(TAKEN);
        assertThat(olga.patches(AutomationRun.class, "ordered", "{\"spec\":{\"parameters\":{\"a\":1}}}"))
                .contains("The parameters of an AutomationRun cannot be changed");
        assertThat(olga.patches(AutomationRun.class, "ordered", "{\"spec\":{\"cancel\":true}}"))
                .isEqualTo(TAKEN);
    }

    @Test
    void anApproverDecidesInTheirOwnNameOrInNone(Scene scene) {
        bind(scene, "approver", "anna");
        var anna = new As(scene, "anna");
        for (var name : List.of("one", "two")) {
            assertThat(As.mighty(scene, "jane").creates(run(name, "", ""))).isEqualTo(TAKEN);
        }

        assertThat(anna.patches(AutomationRun.class, "one", decision("jane")))
                .contains("spec.approval.by must be the user who decides, which is \"anna\"");
        assertThat(anna.patches(AutomationRun.class, "one", decision("anna"))).isEqualTo(TAKEN);
        assertThat(anna.patches(AutomationRun.class, "two", decision(""))).isEqualTo(TAKEN);
    }

    @Test
    void whoMayDecideOnOneRunDoesNotDecideOnAnother(Scene scene) {
        scene.cluster()
                .kubectl(
                        "create",
                        "role",
                        "one",
                        "--verb=update",
                        "--resource=automationruns.tailnet.xo-network.com/approval",
                        "--resource-name=one")
                .orFail();
        scene.cluster()
                .kubectl("create", "rolebinding", "one", "--role=one", "--user=otto")
                .orFail();
        bind(scene, "orderer", "otto");
        for (var name : List.of("one", "two")) {
            assertThat(As.mighty(scene, "jane").creates(run(name, "", ""))).isEqualTo(TAKEN);
        }

        assertThat(new As(scene, "otto").patches(AutomationRun.class, "two", decision("")))
                .contains("may not decide");
        assertThat(new As(scene, "otto").patches(AutomationRun.class, "one", decision("")))
                .isEqualTo(TAKEN);
    }

    @Test
    void theOperatorWritesTheDecisionOfItsCallers(Scene scene) {
        assertThat(As.mighty(scene, "jane").creates(run("called", "", ""))).isEqualTo(TAKEN);

        assertThat(As.operator(scene).patches(AutomationRun.class, "called", decision("anna")))
                .isEqualTo(TAKEN);
    }

    @Test
    void aDecisionIsNotTakenAwayByWhoMayNotDecide(Scene scene) {
        bind(scene, "orderer", "olga");
        assertThat(As.mighty(scene, "jane").creates(run("decided", "", ""))).isEqualTo(TAKEN);
        assertThat(As.mighty(scene, "jane").patches(AutomationRun.class, "decided", decision("")))
                .isEqualTo(TAKEN);

        assertThat(new As(scene, "olga").patches(AutomationRun.class, "decided", "{\"spec\":{\"approval\":null}}"))
                .isNotEqualTo(TAKEN);
        assertThat(new As(scene, "olga").patches(AutomationRun.class, "decided", "{\"spec\":{\"cancel\":true}}"))
                .isEqualTo(TAKEN);
    }

    // What is the operator's

    @ParameterizedTest
    @CsvSource({NODE + ",true", NODE + ",false", POLICY + ",true", POLICY + ",false"})
    void aRunThatBelongsToANodeOrAHealPolicyIsMadeByTheOperator(String kind, boolean controller, Scene scene) {
        var forged = run("forged", owner(kind, controller), "");

        assertThat(As.mighty(scene, "jane").creates(forged))
                .contains("An owner reference to a TailnetNode or HealPolicy says that the operator made this object");
        assertThat(As.garbageCollector(scene).creates(forged)).isNotEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(forged)).isEqualTo(TAKEN);
    }

    @Test
    void otherOwnersAreEverybodys(Scene scene) {
        assertThat(As.mighty(scene, "jane")
                        .creates(run(
                                "of-a-pipeline",
                                ", ownerReferences: [{apiVersion: batch/v1, kind: Job, name: ci, uid: 0b1f5c1e-6f3c-4a8e-9d55-0c1d2e3f4a5b}]",
                                "")))
                .isEqualTo(TAKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"machine-run", "heal-policy"})
    void labelsOfTheOperatorsRunsAreNeitherAddedNorTakenAway(String label, Scene scene) {
        var key = "tailnet.xo-network.com/" + label;
        var jane = As.mighty(scene, "jane");
        for (var value : List.of("true", "")) {
            assertThat(jane.creates(run("forged", ", labels: {" + key + ": \"" + value + "\"}", "")))
                    .contains("are the operator's");
        }
        assertThat(jane.creates(run("plain", ", labels: {team: net}", ""))).isEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(run("own", ", labels: {" + key + ": x}", "")))
                .isEqualTo(TAKEN);

        assertThat(jane.patches(AutomationRun.class, "plain", "{\"metadata\":{\"labels\":{\"" + key + "\":\"x\"}}}"))
                .contains("are the operator's");
        for (var value : List.of("null", "\"y\"")) {
            assertThat(jane.patches(
                            AutomationRun.class, "own", "{\"metadata\":{\"labels\":{\"" + key + "\":" + value + "}}}"))
                    .contains("are the operator's");
        }
        assertThat(jane.patches(AutomationRun.class, "own", "{\"metadata\":{\"labels\":{\"team\":\"net\"}}}"))
                .isEqualTo(TAKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "rung", "template-generation"})
    void annotationsOfTheOperatorsRunsAreItsOwn(String annotation, Scene scene) {
        var key = "tailnet.xo-network.com/" + annotation;
        var jane = As.mighty(scene, "jane");
        assertThat(jane.creates(run("forged", ", annotations: {" + key + ": \"1\"}", "")))
                .contains("are the operator's");
        assertThat(As.operator(scene).creates(run("own", ", annotations: {" + key + ": \"1\"}", "")))
                .isEqualTo(TAKEN);
        assertThat(jane.patches(AutomationRun.class, "own", "{\"metadata\":{\"annotations\":{\"" + key + "\":\"2\"}}}"))
                .contains("are the operator's");
        assertThat(jane.patches(AutomationRun.class, "own", "{\"metadata\":{\"annotations\":{\"note\":\"2\"}}}"))
                .isEqualTo(TAKEN);
    }

    @Test
    void ownersAreNeitherAddedNorTakenAwayButByTheGarbageCollector(Scene scene) {
        var jane = As.mighty(scene, "jane");
        assertThat(jane.creates(run("plain", "", ""))).isEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(run("own", owner(NODE, true), "")))
                .isEqualTo(TAKEN);
        for (var kind : List.of(NODE, POLICY)) {
            assertThat(jane.patches(AutomationRun.class, "plain", owners(kind))).contains("Only the account");
            assertThat(As.garbageCollector(scene).patches(AutomationRun.class, "plain", owners(kind)))
                    .contains("Only the account");
        }

        var none = "{\"metadata\":{\"ownerReferences\":null}}";
        assertThat(jane.patches(AutomationRun.class, "own", none)).contains("cannot be removed");
        // It is no controller any more.
        assertThat(jane.patches(AutomationRun.class, "own", owners(NODE))).isNotEqualTo(TAKEN);
        assertThat(jane.patches(AutomationRun.class, "own", "{\"spec\":{\"cancel\":true}}"))
                .isEqualTo(TAKEN);
        assertThat(As.garbageCollector(scene)
                        .patches(AutomationRun.class, "own", "{\"metadata\":{\"finalizers\":[\"example.com/kept\"]}}"))
                .isEqualTo(TAKEN);
        assertThat(As.garbageCollector(scene)
                        .patches(AutomationRun.class, "own", "{\"metadata\":{\"finalizers\":null}}"))
                .isEqualTo(TAKEN);
        assertThat(As.garbageCollector(scene).patches(AutomationRun.class, "own", none))
                .isEqualTo(TAKEN);
    }

    @Test
    void theStatusIsWrittenWhateverTheObjectCarries(Scene scene) {
        assertThat(As.operator(scene).creates(run("own", owner(POLICY, true), "")))
                .isEqualTo(TAKEN);
        assertThat(As.mighty(scene, "jane").patches(AutomationRun.class, "own", decision("")))
                .isEqualTo(TAKEN);

        for (var user : List.of(As.operator(scene), As.garbageCollector(scene))) {
            assertThat(user.patchesStatus(AutomationRun.class, "own", "{\"status\":{\"message\":\"told\"}}"))
                    .isEqualTo(TAKEN);
        }
    }

    @Test
    void aTemplateOfANodeIsMadeByTheOperator(Scene scene) {
        var template = """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: %s%s}
                spec: {engine: ansible, source: {builtin: xo.tailnet.ping}, ssh: {keySecretRef: {name: ssh, key: key}}}
                """;
        var jane = As.mighty(scene, "jane");
        assertThat(jane.creates(template.formatted("web-1-join", owner(NODE, true))))
                .contains("Only the account");
        assertThat(jane.creates(template.formatted("plain", ""))).isEqualTo(TAKEN);
        assertThat(jane.patches(AutomationTemplate.class, "plain", owners(NODE)))
                .contains("Only the account");
        assertThat(As.operator(scene).creates(template.formatted("web-1-join", owner(NODE, true))))
                .isEqualTo(TAKEN);
    }

    @Test
    void aNoteOnWhoAskedIsTrue(Scene scene) {
        var jane = As.mighty(scene, "jane");
        assertThat(jane.creates(run("asked", "", ", requestedBy: the-boss")))
                .contains("spec.requestedBy must be the user who creates the run, which is \"jane\"");
        assertThat(jane.creates(run("asked", "", ", requestedBy: jane"))).isEqualTo(TAKEN);
        assertThat(As.operator(scene).creates(run("called", "", ", requestedBy: anna")))
                .isEqualTo(TAKEN);
    }

    // What the operator's account may make

    private static final String OWN = ", labels: {app.kubernetes.io/managed-by: xo-tailnet-operator}";

    private static String of(String apiVersion, String kind, String metadata, String more) {
        return "apiVersion: %s%nkind: %s%nmetadata: {name: %s}%n%s".formatted(apiVersion, kind, metadata, more);
    }

    private static List<String> objects(String labels) {
        return List.of(
                of("v1", "Secret", "made" + labels, ""),
                of("v1", "ConfigMap", "made" + labels, ""),
                of("v1", "ServiceAccount", "xo-runner" + labels, "automountServiceAccountToken: false"),
                of("networking.k8s.io/v1", "NetworkPolicy", "made" + labels, "spec: {podSelector: {}}"));
    }

    @Test
    void whatTheOperatorMakesCarriesItsLabel(Scene scene) {
        assertThat(objects(""))
                .allSatisfy(yaml -> assertThat(As.operator(scene).creates(yaml))
                        .contains("only with the label app.kubernetes.io/managed-by=xo-tailnet-operator"));
        assertThat(objects(OWN))
                .allSatisfy(yaml -> assertThat(As.operator(scene).creates(yaml)).isEqualTo(TAKEN));
    }

    @Test
    void nobodyElseIsHeldBack(Scene scene) {
        assertThat(objects(""))
                .allSatisfy(yaml ->
                        assertThat(As.mighty(scene, "jane").creates(yaml)).isEqualTo(TAKEN));
    }

    @Test
    void theOperatorLeavesTheUsersSecretsAndConfigMapsAsTheyAre(Scene scene) {
        scene.secret("users", java.util.Map.of("password", "p"));
        assertThat(As.mighty(scene, "jane").creates(of("v1", "ConfigMap", "users", "")))
                .isEqualTo(TAKEN);
        var takeover = "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":\"xo-tailnet-operator\"}}}";
        var refusal = "change and delete only what the operator made";

        assertThat(As.operator(scene).patches(Secret.class, "users", takeover)).contains(refusal);
        assertThat(As.operator(scene).patches(ConfigMap.class, "users", takeover))
                .contains(refusal);
        assertThat(As.operator(scene)
                        .does(client -> client.secrets().withName("users").delete()))
                .contains(refusal);
        assertThat(As.operator(scene).creates(of("v1", "Secret", "own" + OWN, "")))
                .isEqualTo(TAKEN);
        assertThat(As.operator(scene)
                        .does(client -> client.secrets().withName("own").delete()))
                .isEqualTo(TAKEN);
    }

    @Test
    void theOperatorMakesNoCredentialsOfTheCluster(Scene scene) {
        scene.client()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("mighty")
                        .endMetadata()
                        .build())
                .create();
        assertThat(As.operator(scene)
                        .creates(of(
                                "v1",
                                "Secret",
                                "token" + OWN + ", annotations: {kubernetes.io/service-account.name: mighty}",
                                "type: kubernetes.io/service-account-token")))
                .contains("Secrets of type Opaque only");
        assertThat(As.operator(scene)
                        .creates(of("v1", "ServiceAccount", "another" + OWN, "automountServiceAccountToken: false")))
                .contains("only ServiceAccounts of the name xo-runner");
        for (var audience : List.of("", "https://kubernetes.default.svc")) {
            assertThat(token(scene, audience)).contains("an audience that begins with api.tailscale.com/");
        }
        assertThat(token(scene, "api.tailscale.com/k123")).isEqualTo(TAKEN);
    }

    private static String token(Scene scene, String audience) {
        return As.operator(scene)
                .does(client -> client.serviceAccounts()
                        .withName("mighty")
                        .tokenRequest(new TokenRequestBuilder()
                                .withNewSpec()
                                .withAudiences(audience.isEmpty() ? List.of() : List.of(audience))
                                .withExpirationSeconds(600L)
                                .endSpec()
                                .build()));
    }

    private static final String JOB = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: attempt
              labels: {app.kubernetes.io/managed-by: xo-tailnet-operator, app.kubernetes.io/component: runner}
            spec:
              template:
                metadata:
                  labels: {app.kubernetes.io/managed-by: xo-tailnet-operator, app.kubernetes.io/component: runner}
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
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccountName: xo-runner | serviceAccountName: default | must have serviceAccountName xo-runner",
                "serviceAccountName: xo-runner | hostUsers: true | must have serviceAccountName xo-runner",
                "automountServiceAccountToken: false | automountServiceAccountToken: true | automountServiceAccountToken false",
                "automountServiceAccountToken: false | hostUsers: true | automountServiceAccountToken false",
                "restartPolicy: Never | {restartPolicy: Never, hostNetwork: true} | cannot use hostNetwork",
                "restartPolicy: Never | {restartPolicy: Never, hostPID: true} | cannot use hostNetwork",
                "restartPolicy: Never | {restartPolicy: Never, hostIPC: true} | cannot use hostNetwork",
                "restartPolicy: Never | {restartPolicy: Never, nodeName: control-plane-1} | name a node",
                "emptyDir: {} | hostPath: {path: /} | volumes of the kinds secret, configMap and emptyDir",
                "emptyDir: {} | projected: {sources: [{serviceAccountToken: {path: t}}]} | volumes of the kinds",
                "runAsNonRoot: true | runAsNonRoot: false | a user that is not root",
                "allowPrivilegeEscalation: false | privileged: true | a user that is not root",
                "allowPrivilegeEscalation: false | capabilities: {drop: [ALL]} | a user that is not root",
                "allowPrivilegeEscalation: false | {allowPrivilegeEscalation: false, runAsUser: 0} | a user that is not root",
            })
    void aJobOfTheOperatorsIsARunner(String part, String instead, String refusal, Scene scene) {
        // A flow mapping in the last column but one stands for several lines.
        var lines = instead.startsWith("{") && part.startsWith("restartPolicy")
                ? String.join(
                        "\n      ", instead.substring(1, instead.length() - 1).split(", "))
                : instead.startsWith("{") ? instead.substring(1, instead.length() - 1) : instead;
        var bad = JOB.replace(part, lines);

        assertThat(bad).isNotEqualTo(JOB);
        assertThat(As.operator(scene).creates(bad)).contains(refusal);
        assertThat(As.mighty(scene, "jane")
                        .does(client -> client.resource(bad).dryRun().create()))
                .doesNotContain("The operator's");
    }

    @Test
    void aRunnersJobIsMadeStoppedAndReleased(Scene scene) {
        assertThat(As.operator(scene).creates(JOB)).isEqualTo(TAKEN);
        assertThat(As.operator(scene).patches(Job.class, "attempt", "{\"spec\":{\"suspend\":true}}"))
                .isEqualTo(TAKEN);
        assertThat(As.operator(scene).patches(Job.class, "attempt", "{\"spec\":{\"ttlSecondsAfterFinished\":60}}"))
                .isEqualTo(TAKEN);
    }

    @Test
    void whatAJobsPodsAreCalledIsCheckedToo(Scene scene) {
        var unlabelled = JOB.substring(0, JOB.indexOf("    metadata:\n"))
                + JOB.substring(JOB.indexOf("    spec:\n      restartPolicy"));
        assertThat(As.operator(scene).creates(unlabelled)).contains("need the labels");
    }

    @Test
    void everyPolicyFailsClosedAndIsBound(Scene scene) {
        var shipped = ShippedManifests.in(ShippedManifests.ADMISSION);
        var policies = new ArrayList<String>();
        for (var item : shipped) {
            if (item instanceof ValidatingAdmissionPolicy policy) {
                policies.add(policy.getMetadata().getName());
                assertThat(policy.getSpec().getFailurePolicy()).isEqualTo("Fail");
                assertThat(policy.getSpec().getValidations())
                        .allSatisfy(rule -> assertThat(rule.getMessage() != null || rule.getMessageExpression() != null)
                                .isTrue());
            }
        }
        assertThat(policies).hasSize(7);
        assertThat(scene.client()
                        .admissionRegistration()
                        .v1()
                        .validatingAdmissionPolicyBindings()
                        .list()
                        .getItems())
                .extracting(binding -> binding.getSpec().getPolicyName())
                .containsAll(policies);
    }
}
