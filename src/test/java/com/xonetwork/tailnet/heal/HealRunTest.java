package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a remedy by a template of a user reaches its machine. */
class HealRunTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String KEY = "ssh-ed25519 AAAA";

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | TrustOnFirstUse | Tailnet     | tailnet",
                "false | Strict          | Tailnet     | tailnet",
                "true  | TrustOnFirstUse | Tailnet     | ssh",
                "true  | Strict          | Tailnet     | ssh without its host key",
                "true  | TrustOnFirstUse | TailnetNode | tailnet",
            })
    void itsTemplateSaysWhetherItIsTheSshAddress(boolean override, String hostKeys, String owner, String expected) {
        var template = read(AutomationTemplate.class, """
                metadata:
                  name: mend
                  generation: 7
                  ownerReferences: [{apiVersion: tailnet.xo-network.com/v1alpha1, kind: %s, name: a, uid: b, controller: true}]
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: %s}
                  targets: {override: %s}
                """.formatted(owner, hostKeys, override));
        var node = read(TailnetNode.class, """
                metadata: {name: web-1, namespace: net, uid: c}
                spec:
                  tailnetRef: {name: home}
                  hostname: web-1
                  join: {ssh: {address: 10.0.0.7, port: 2200, user: ops, keySecretRef: {name: k, key: id}, hostKey: "%s"}}
                """.formatted(KEY));
        var policy = read(HealPolicy.class, """
                metadata: {name: heal, namespace: net, uid: d}
                spec:
                  tailnetRef: {name: home}
                  selector: {matchLabels: {role: web}}
                  unhealthyConditions: [{type: Online, status: "False", duration: 1m}]
                  escalatingRemediations: [{templateRef: {name: mend}}]
                """);
        var remediation = policy.getSpec().escalatingRemediations().getFirst();
        var remedy = new Remedy(node, 0, remediation, null, new Votes(Map.of()), "offline");

        var run = HealEffects.run(policy, remedy, node, Optional.of(template));
        assertThat(run.getSpec().targets().nodes())
                .containsExactly(
                        switch (expected) {
                            case "tailnet" -> new Target("web-1", null, null, null, null);
                            case "ssh" -> new Target("web-1", "10.0.0.7", 2200, "ops", KEY);
                            default -> new Target("web-1", "10.0.0.7", 2200, "ops", null);
                        });
        assertThat(run.getMetadata().getAnnotations()).containsEntry("tailnet.xo-network.com/template-generation", "7");
        assertThat(HealEffects.run(policy, remedy, node, Optional.empty())
                        .getSpec()
                        .targets()
                        .nodes())
                .as("a template that is not there allows nothing")
                .containsExactly(new Target("web-1", null, null, null, null));
    }
}
