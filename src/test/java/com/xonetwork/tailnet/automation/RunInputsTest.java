package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.RunInputs.Refusal;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run may say of its machines, and who may run a node's template. */
class RunInputsTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String KEY = "ssh-ed25519 AAAA";
    private static final List<TailnetNode> NODES = List.of(
            node(
                    "web-1",
                    "100.64.0.1",
                    "{ssh: {address: 10.0.0.7, port: 2200, user: ops, keySecretRef: {name: ssh, key: id},"
                            + " hostKey: \"" + KEY + "\"}}"),
            node("web-2", "100.64.0.2", "{}"));

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static TailnetNode node(String name, String address, String join) {
        return read(TailnetNode.class, """
                metadata: {name: %1$s, namespace: net, uid: uid-%1$s, labels: {role: web, name: %1$s}}
                spec: {hostname: a, tailnetRef: {name: home}, join: %3$s}
                status: {address: %2$s}
                """.formatted(name, address, join));
    }

    /** @param owner of kind/uid; empty for none */
    private static AutomationTemplate template(String owner, String more) {
        return read(AutomationTemplate.class, """
                metadata: {name: ping, namespace: net, generation: 4, ownerReferences: [%s]}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}, port: 2222, hostKeys: TrustOnFirstUse}
                %s
                """.formatted(reference(owner), more.indent(2)));
    }

    private static AutomationRun run(String owner, String targets) {
        return read(AutomationRun.class, """
                metadata: {name: first, namespace: net, uid: 0b1c, ownerReferences: [%s]}
                spec: {templateRef: {name: ping}, targets: %s}
                """.formatted(reference(owner), targets));
    }

    private static String reference(String owner) {
        if (owner.isEmpty()) {
            return "";
        }
        var parts = owner.split("/");
        return "{apiVersion: tailnet.xo-network.com/v1alpha1, kind: %s, name: %s, uid: %s, controller: %s}"
                .formatted(parts[0], parts[1], parts[2], parts.length < 4);
    }

    private static List<RunHost> hosts(AutomationRun run, AutomationTemplate template) throws Refusal {
        return RunInputs.settle(run, template, new RunSource(null, null), NODES, "runner:1", null)
                .hosts();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "fd00:ec2::254",
                "168.63.129.16",
                "fe80::1",
                "64:ff9b::a9fe:a9fe",
                "0xA9FEA9FE",
                "fe80::1%nosuch"
            })
    void noMachineIsWhereNothingMayConnectTo(String address) throws Refusal {
        var run = run("", "{nodes: [{name: web-2}, {name: web-1, address: \"" + address + "\"}]}");
        assertThatThrownBy(() -> hosts(run, template("", "targets: {override: true}")))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Reason.TARGETS_NOT_FOUND);
                    assertThat(refusal.isFinal()).isTrue();
                    assertThat(refusal.text())
                            .contains("the address " + address + " of web-1", "another AutomationRun");
                });
        var listed = List.of(node("web-1", "\"" + address + "\"", "{}"), node("web-2", "100.64.0.2", "{}"));
        assertThat(RunInputs.settle(
                        run("", "{selector: {matchLabels: {role: web}}}"),
                        template("", ""),
                        new RunSource(null, null),
                        listed,
                        "runner:1",
                        null))
                .as("what a control plane says of one machine does not hold the others")
                .satisfies(inputs -> {
                    assertThat(inputs.hosts()).extracting(RunHost::name).containsExactly("web-2");
                    assertThat(inputs.absent()).containsExactly("web-1");
                });
        var node =
                node("web-1", "100.64.0.1", "{ssh: {address: \"" + address + "\", keySecretRef: {name: s, key: k}}}");
        assertThatThrownBy(() -> RunInputs.settle(
                        run("", "{nodes: [{name: web-1}]}"),
                        template("TailnetNode/web-1/uid-web-1", ""),
                        new RunSource(null, null),
                        List.of(node),
                        "runner:1",
                        null))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .satisfies(refusal -> {
                    assertThat(refusal.isFinal()).as("the node can be changed").isFalse();
                    assertThat(refusal.text()).contains("in spec.join.ssh.address of TailnetNode web-1");
                });
    }

    private static void refused(AutomationRun run, AutomationTemplate template, Reason reason, String... says) {
        assertThatThrownBy(() -> hosts(run, template))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(reason);
                    assertThat(refusal.text()).contains(says);
                    assertThat(refusal.isFinal()).isEqualTo(reason != Reason.TARGETS_NOT_FOUND);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "address: 192.0.2.9 | address",
                "port: 22 | port",
                "user: root | user",
                "hostKey: ssh-ed25519 AAAA | hostKey",
                "address: 100.64.0.1 | address",
                "address: 192.0.2.9, port: 22, user: root, hostKey: ssh-ed25519 AAAA | address, port, user, hostKey"
            })
    void aRunCannotSayWhereAMachineIs(String override, String fields) {
        for (var targets : List.of("targets: {}", "targets: {override: false}", "")) {
            for (var nodes : List.of(
                    "{name: web-1, %s}", "{name: web-2}, {name: web-1, %s}", "{name: web-1}, {name: web-1, %s}")) {
                var run = run("", "{nodes: [%s]}".formatted(nodes.formatted(override)));
                refused(
                        run,
                        template("", targets),
                        Reason.TARGET_OVERRIDE_NOT_ALLOWED,
                        "give " + fields + " of a machine (web-1)",
                        "Create another AutomationRun",
                        "targets.override: true");
            }
        }
    }

    @Test
    void aTemplateMayLetARunSayIt() throws Refusal {
        var run = run("", "{nodes: [{name: web-1, address: 192.0.2.9, port: 24, user: me, hostKey: " + KEY + "}]}");
        assertThat(hosts(run, template("", "targets: {override: true}")))
                .containsExactly(new RunHost("web-1", "192.0.2.9", 24, "me", KEY));
    }

    @Test
    void strictMeansTheKeysThatTheTemplateKnows() throws Refusal {
        var strict = template("", "targets: {override: true}");
        strict = read(
                AutomationTemplate.class, YAML.valueToTree(strict).toString().replace("TrustOnFirstUse", "Strict"));
        refused(
                run("", "{nodes: [{name: web-1, hostKey: " + KEY + "}]}"),
                strict,
                Reason.TARGET_OVERRIDE_NOT_ALLOWED,
                "Strict",
                "hostKey",
                "knownHostsSecretRef");
        assertThat(hosts(run("", "{nodes: [{name: web-1, address: 192.0.2.9}]}"), strict))
                .containsExactly(new RunHost("web-1", "192.0.2.9", 2222, "root", null));
    }

    @Test
    void withoutWordsOfTheRunAMachineIsWhereTheTailnetHasIt() throws Refusal {
        for (var targets :
                List.of("{nodes: [{name: web-2}, {name: web-1}]}", "{selector: {matchLabels: {role: web}}}")) {
            for (var override : List.of("targets: {override: true}", "")) {
                assertThat(hosts(run("", targets), template("", override)))
                        .containsExactly(
                                new RunHost("web-1", "100.64.0.1", 2222, "root", null),
                                new RunHost("web-2", "100.64.0.2", 2222, "root", null));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{nodes: [{name: web-1}]}", "{selector: {matchLabels: {name: web-1}}}"})
    void aNodesTemplateRunsWhereItsNodeSays(String targets) throws Refusal {
        var template = template("TailnetNode/web-1/uid-web-1", "targets: {override: true}");
        assertThat(hosts(run("", targets), template))
                .containsExactly(new RunHost("web-1", "10.0.0.7", 2200, "ops", KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{nodes: [{name: web-2}]}",
                "{nodes: [{name: web-1}, {name: web-2}]}",
                "{nodes: [{name: web-1}, {name: web-1}]}",
                "{nodes: [{name: web-1, address: 10.0.0.7}]}",
                "{nodes: [{name: web-1, port: 2200}]}",
                "{nodes: [{name: web-1, user: ops}]}",
                "{nodes: [{name: web-1, hostKey: ssh-ed25519 AAAA}]}",
                "{selector: {matchLabels: {role: web}}}",
                "{selector: {matchLabels: {name: web-2}}}"
            })
    void aNodesTemplateRunsNowhereElse(String targets) {
        for (var override : List.of("targets: {override: true}", "")) {
            refused(
                    run("", targets),
                    template("TailnetNode/web-1/uid-web-1", override),
                    Reason.TARGET_OVERRIDE_NOT_ALLOWED,
                    "TailnetNode web-1 alone");
        }
    }

    @Test
    void aNodesTemplateIsNotThatOfAnotherNodeOfItsName() {
        var run = run("", "{nodes: [{name: web-1}]}");
        refused(
                run,
                template("TailnetNode/web-1/uid-before", ""),
                Reason.TARGETS_NOT_FOUND,
                "was made for a TailnetNode");
    }

    @Test
    void aNodeThatIsNotReachedOverSshHasNoMachine() {
        var run = run("", "{nodes: [{name: web-2}]}");
        refused(run, template("TailnetNode/web-2/uid-web-2", ""), Reason.TARGETS_NOT_FOUND, "has no spec.join.ssh");
    }

    /** A template that merely carries a reference is its author's. */
    @Test
    void onlyAControllerMakesATemplateThatOfANode() {
        var run = run("", "{nodes: [{name: web-1, address: 192.0.2.9}]}");
        for (var owner : List.of("TailnetNode/web-1/uid-web-1/no", "Tailnet/web-1/uid-web-1")) {
            refused(run, template(owner, ""), Reason.TARGET_OVERRIDE_NOT_ALLOWED, "does not let a run give address");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "TailnetNode/web-1/uid-web-1, true",
        "HealPolicy/heal/uid-heal, true",
        "TailnetNode/web-1/uid-before, false",
        "TailnetNode/web-2/uid-web-2, false",
        "TailnetNode/web-1/uid-web-1/no, false",
        "HealPolicy/heal/uid-heal/no, false",
        "AutomationRun/web-1/uid-web-1, false"
    })
    void aJoinKeyIsForRunsOfTheOperator(String owner, boolean isOperators) throws Refusal {
        var join = template(
                "TailnetNode/web-1/uid-web-1",
                "secrets: [{variable: tailscale_auth_key, secretRef: {name: a, key: b}}]");
        var run = run(owner, "{nodes: [{name: web-1}]}");
        assertThat(OperatorRuns.isOperators(run, NODES.getFirst())).isEqualTo(isOperators);
        if (isOperators) {
            assertThat(hosts(run, join)).hasSize(1);
        } else {
            refused(run, join, Reason.RESERVED_FOR_OPERATOR, "only the operator runs it", "Rekey", "Reprovision");
        }
        assertThat(hosts(run, template("TailnetNode/web-1/uid-web-1", "")))
                .as("without a key anybody may who may create runs")
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "join, It does so when the machine has to join, asked for",
        "rejoin, It does so when the machine has to join, asked for",
        "rekey, asked for rekey. To make the machine log in anew, Reprovision",
        "reprovision, asked for reprovision. To set up a machine again that was installed anew, Rekey"
    })
    void aRefusalSaysWhatToDoInPlaceOfWhatWasAsked(String action, String said, String notSaid) {
        var join = template(
                "TailnetNode/web-1/uid-web-1",
                "secrets: [{variable: tailscale_auth_key, secretRef: {name: a, key: b}}]");
        var before = run("", "{nodes: [{name: web-1}]}");
        var spec = before.getSpec();
        before.setSpec(new AutomationRunSpec(
                spec.templateRef(),
                spec.targets(),
                new ObjectMapper().createObjectNode().put("tailscale_action", action),
                false,
                false,
                false,
                null,
                null,
                null));
        assertThat(RunLimits.denial(before, join)).hasValueSatisfying(denial -> {
            assertThat(denial.reason()).isEqualTo(Reason.RESERVED_FOR_OPERATOR);
            assertThat(denial.message()).contains(said).doesNotContain(notSaid);
        });
    }

    @ParameterizedTest
    @CsvSource({"3,", "4,", "5, TEMPLATE_NOT_READ_YET", "four, INVALID", "99999999999999999999, INVALID"})
    void aRunWaitsForTheTemplateThatItWasOrderedWith(String generation, Reason reason) throws Refusal {
        var run = run("", "{nodes: [{name: web-1}]}");
        run.getMetadata().setAnnotations(java.util.Map.of("tailnet.xo-network.com/template-generation", generation));
        if (reason == null) {
            assertThat(hosts(run, template("", ""))).hasSize(1);
        } else {
            assertThatThrownBy(() -> hosts(run, template("", "")))
                    .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                    .satisfies(refusal -> {
                        assertThat(refusal.reason()).isEqualTo(reason);
                        assertThat(refusal.isFinal()).isFalse();
                    });
        }
    }

    @Test
    void whatARunDoesNotSayIsTheTemplatesDefault() throws Refusal {
        var template = template("", """
                parameters:
                  type: object
                  additionalProperties: false
                  properties: {server: {enum: [here], default: here}, action: {enum: [a, b]}}
                """);
        var run = run("", "{nodes: [{name: web-1}]}");
        assertThat(RunInputs.settle(run, template, new RunSource(null, null), NODES, "runner:1", null)
                        .parameters()
                        .toString())
                .isEqualTo("{\"server\":\"here\"}");
    }
}
