package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.Parameters;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.testing.TestNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MachineTemplatesTest {

    private static final Map<String, Object> VALUES = Map.of(
            "tailscale_hostname",
            "web-1",
            "tailscale_advertise_routes",
            List.of("10.0.0.0/8"),
            "tailscale_ssh",
            false,
            "tailscale_control_plane_ca",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    private static final String SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

    private static AutomationTemplate template(TailnetNode node, MachineAction action) {
        return MachineTemplates.template(
                node, node.getSpec().join().ssh(), action, new JoinKeyHolder(node).keyRef(), VALUES);
    }

    /** Or it would be written again with every look. */
    @Test
    void aTemplateThatCameBackFromTheApiServerIsTheSame() {
        var node = TestNode.node("web-1").ssh("10.0.0.7").build();
        var serialization = new KubernetesSerialization();
        for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
            var wanted = template(node, action);
            var back = serialization.unmarshal(serialization.asJson(wanted), AutomationTemplate.class);
            assertThat(back.getSpec()).isEqualTo(wanted.getSpec());
        }
    }

    /** As velero restores it without owners. What differs by a word may be somebody's own. */
    @Test
    void onlyATemplateOfNobodysThatSaysTheSameIsTaken() {
        var node = TestNode.node("web-1").ssh("10.0.0.7").build();
        var wanted = template(node, MachineAction.JOIN);
        var restored = template(node, MachineAction.JOIN);
        assertThat(MachineTemplates.isLeftOver(restored, wanted)).isFalse();

        restored.getMetadata().setOwnerReferences(List.of());
        assertThat(MachineTemplates.isLeftOver(restored, wanted)).isTrue();

        restored.getMetadata().setLabels(Map.of());
        assertThat(MachineTemplates.isLeftOver(restored, wanted)).isFalse();
        restored.getMetadata().setLabels(null);
        assertThat(MachineTemplates.isLeftOver(restored, wanted)).isFalse();

        var other = template(node, MachineAction.CONFIGURE);
        other.getMetadata().setOwnerReferences(List.of());
        assertThat(MachineTemplates.isLeftOver(other, wanted)).isFalse();

        var others = template(TestNode.node("web-2").ssh("10.0.0.7").build(), MachineAction.JOIN);
        assertThat(MachineTemplates.isLeftOver(others, wanted)).isFalse();
    }

    @Test
    void aRunCanChooseTheActionAndNothingElse() {
        var node = TestNode.node("web-1").ssh("10.0.0.7").build();
        for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
            var schema = template(node, action).getSpec().parameters();
            assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
            var properties = schema.path("properties");
            assertThat(properties.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder(
                            "tailscale_action",
                            "tailscale_hostname",
                            "tailscale_advertise_routes",
                            "tailscale_ssh",
                            "tailscale_control_plane_ca");
            for (var name : VALUES.keySet()) {
                assertThat(properties.path(name).path("enum"))
                        .as(name)
                        .containsExactly(properties.path(name).path("default"));
            }
        }
        assertThat(choices(template(node, MachineAction.JOIN)))
                .containsExactly("join", "adopt", "rejoin", "rekey", "reprovision");
        assertThat(choices(template(node, MachineAction.CONFIGURE)))
                .containsExactly("configure", "plan", "reup", "restart", "reboot");
    }

    private static List<String> choices(AutomationTemplate template) {
        return template.getSpec()
                .parameters()
                .at("/properties/tailscale_action/enum")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("ab1-.")
                .ofMinLength(1)
                .ofMaxLength(253)
                .filter(name -> name.matches(SUBDOMAIN))
                .edgeCases(edges -> edges.add(
                        "n",
                        "n".repeat(63),
                        "n".repeat(64),
                        "n".repeat(200),
                        "n".repeat(201),
                        "n".repeat(253),
                        "n".repeat(198) + "." + "n".repeat(54),
                        "n".repeat(210) + "." + "n".repeat(42)));
    }

    @Property
    void whateverTheNodesNameIsAllNamesFit(@ForAll("names") String name) {
        var node = TestNode.node(name).ssh("10.0.0.7").build();
        for (var action : MachineAction.values()) {
            var template = template(node, action);
            assertThat(template.getMetadata().getName()).hasSizeLessThan(242).matches(SUBDOMAIN);
            assertThat(template.getSpec().description()).hasSizeLessThanOrEqualTo(200);
            var run = MachineTemplates.run(node, new MachineOrder(action, action + ":0123456789abcdef"), null, 1);
            assertThat(run.getMetadata().getName()).hasSizeLessThan(254).matches(SUBDOMAIN);
            assertThat(run.getMetadata().getLabels().values())
                    .allSatisfy(value -> assertThat(value).hasSizeLessThan(64));
            assertThat(run.getSpec().requestedBy()).hasSizeLessThanOrEqualTo(253);
            assertThat(run.getSpec().templateRef().name())
                    .isEqualTo(template.getMetadata().getName());
            assertThat(MachineRuns.isForOneMachine(run)).isTrue();
            assertThat(MachineRuns.isOf(node, run)).isTrue();
        }
        var holder = new JoinKeyHolder(node);
        for (var secret : List.of(holder.secretName(), holder.cloudInitSecretName())) {
            assertThat(secret).hasSizeLessThan(254).matches(SUBDOMAIN);
        }
    }

    @Property
    void nodesOfDifferentNamesHaveDifferentTemplates(@ForAll("names") String one, @ForAll("names") String two) {
        Assume.that(!one.equals(two));
        for (var action : List.of(MachineAction.JOIN, MachineAction.CONFIGURE)) {
            assertThat(MachineTemplates.name(TestNode.node(one).build(), action))
                    .isNotEqualTo(MachineTemplates.name(TestNode.node(two).build(), action));
        }
    }

    @Test
    void longNamesStayApart() {
        var one = TestNode.node("n".repeat(240) + "1").build();
        var two = TestNode.node("n".repeat(240) + "2").build();
        assertThat(MachineTemplates.name(one, MachineAction.JOIN))
                .hasSizeLessThan(254)
                .isNotEqualTo(MachineTemplates.name(two, MachineAction.JOIN))
                .isNotEqualTo(MachineTemplates.name(one, MachineAction.CONFIGURE));
    }

    /** As many values as are let through, which stand in it twice. */
    @Test
    void theLargestTemplateIsValidAndItsRunToo() {
        var node = TestNode.node("web-1").ssh("10.0.0.7").build();
        var values = new HashMap<>(VALUES);
        values.put(
                "tailscale_advertise_routes",
                IntStream.range(0, MachineOrder.MOST_ROUTES)
                        .mapToObj(route -> "10." + route / 256 + "." + route % 256 + ".0/24")
                        .toList());
        values.put("tailscale_control_plane_ca", "");
        var rest = MachineOrder.MOST_BYTES - MachineOrder.sizeOf(values);
        values.put("tailscale_control_plane_ca", "x".repeat(rest));
        var spec = MachineTemplates.template(
                        node, node.getSpec().join().ssh(), MachineAction.JOIN, new JoinKeyHolder(node).keyRef(), values)
                .getSpec();
        assertThat(MachineOrder.sizeOf(values)).isEqualTo(MachineOrder.MOST_BYTES);
        assertThat(Parameters.complaints(spec, MachineOrder.parameters(MachineAction.REJOIN)))
                .isEmpty();
        assertThat(Parameters.complaints(spec, MachineOrder.parameters(MachineAction.CONFIGURE)))
                .as("an action of the other template")
                .isNotEmpty();
    }
}
