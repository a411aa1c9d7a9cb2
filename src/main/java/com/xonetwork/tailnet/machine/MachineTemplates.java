package com.xonetwork.tailnet.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationEngine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSecret;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSsh;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTimeouts;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RetryScope;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunnerResources;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The templates and runs of one machine. Pure. A template of its own, as the key to log in with and the join key are its own: {@code
 * NAME-join} gets the join key, {@code NAME-machine} does not.
 */
public final class MachineTemplates {

    /** Which machine a run was made for by the operator itself. */
    static final String MACHINE_LABEL = ApiGroup.GROUP + "/machine-run";

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String OPERATOR = "xo-tailnet-operator";
    private static final String PLAYBOOK = "xo.tailnet.tailscale";
    /** Key of the Secret that holds a join key. */
    private static final String AUTH_KEY = "authkey";
    /** Leaves room for the action and the hash. */
    private static final int LONGEST_STEM = 200;

    private static final ObjectMapper JSON = new ObjectMapper();

    private MachineTemplates() {}

    /** Name of the template that can do this on the node's machine. */
    public static String name(TailnetNode node, MachineAction action) {
        return stem(node) + (action.needsKey() ? "-join" : "-machine");
    }

    private static String stem(TailnetNode node) {
        var name = node.getMetadata().getName();
        return name.length() <= LONGEST_STEM
                ? name
                : name.substring(0, LONGEST_STEM - 1).replaceAll("[.-]+$", "") + "-" + MachineOrder.hash(name);
    }

    /** @param keySecret holds the join key */
    static AutomationTemplate template(TailnetNode node, SshJoin ssh, MachineAction action, String keySecret) {
        var template = new AutomationTemplate();
        template.setMetadata(new ObjectMetaBuilder()
                .withName(name(node, action))
                .withNamespace(node.getMetadata().getNamespace())
                .addToLabels(MANAGED_BY, OPERATOR)
                .withOwnerReferences(owner(node))
                .build());
        template.setSpec(new AutomationTemplateSpec(
                AutomationEngine.ANSIBLE,
                new AutomationSource(PLAYBOOK, null),
                action.needsKey()
                        ? "Lets " + node.getMetadata().getName() + " join its tailnet. Made by the operator."
                        : "Sets " + node.getMetadata().getName() + " as wanted. Made by the operator.",
                schema(action),
                action.needsKey()
                        ? List.of(new AutomationSecret("tailscale_auth_key", new KeyRef(keySecret, AUTH_KEY)))
                        : List.of(),
                new AutomationSsh(ssh.keySecretRef(), ssh.user(), ssh.port(), null, ssh.hostKeys()),
                new AutomationTimeouts("10m", "5m", "5m"),
                // The node itself decides whether and when it is tried again.
                0,
                RetryScope.FAILED_HOSTS,
                "10s",
                ConcurrencyPolicy.ALLOW,
                false,
                "24h",
                1,
                RunnerResources.DEFAULT,
                null));
        return template;
    }

    private static JsonNode schema(MachineAction action) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put(
                "tailscale_action",
                Map.of(
                        "enum",
                        Stream.of(MachineAction.values())
                                .filter(other -> other.needsKey() == action.needsKey())
                                .map(MachineAction::toString)
                                .toList()));
        for (var text : List.of(
                "tailscale_hostname",
                "tailscale_exit_node",
                "tailscale_login_server",
                "tailscale_control_plane_ca",
                "tailscale_apt_source")) {
            properties.put(text, Map.of("type", "string"));
        }
        for (var choice : List.of(
                "tailscale_advertise_exit_node",
                "tailscale_exit_node_allow_lan_access",
                "tailscale_accept_routes",
                "tailscale_accept_dns",
                "tailscale_ssh",
                "tailscale_reauthenticate")) {
            properties.put(choice, Map.of("type", "boolean"));
        }
        properties.put("tailscale_advertise_routes", Map.of("type", "array", "items", Map.of("type", "string")));
        return JSON.valueToTree(Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "required",
                List.of("tailscale_action"),
                "properties",
                properties));
    }

    /**
     * A run whose name follows from what it is for and from the run before it, so that making it twice makes one.
     *
     * @param before the newest run of the machine; null for none
     */
    static AutomationRun run(TailnetNode node, SshJoin ssh, MachineOrder order, @Nullable AutomationRun before) {
        var run = new AutomationRun();
        var metadata = node.getMetadata();
        var occasion =
                order.id() + " " + (before == null ? "" : before.getMetadata().getName());
        run.setMetadata(new ObjectMetaBuilder()
                .withName(stem(node) + "-" + order.action() + "-" + MachineOrder.hash(metadata.getUid() + occasion))
                .withNamespace(metadata.getNamespace())
                .addToLabels(MANAGED_BY, OPERATOR)
                .addToLabels(MACHINE_LABEL, "true")
                .withOwnerReferences(owner(node))
                .build());
        run.setSpec(new AutomationRunSpec(
                new LocalRef(name(node, order.action())),
                new RunTargets(
                        List.of(new RunTargets.Target(
                                metadata.getName(), ssh.address(), ssh.port(), ssh.user(), ssh.hostKey())),
                        null),
                JSON.valueToTree(order.parameters()),
                false,
                false,
                false,
                null,
                order.id(),
                "TailnetNode " + metadata.getName()));
        return run;
    }

    static OwnerReference owner(TailnetNode node) {
        return new OwnerReferenceBuilder()
                .withApiVersion(node.getApiVersion())
                .withKind(node.getKind())
                .withName(node.getMetadata().getName())
                .withUid(node.getMetadata().getUid())
                .withController(true)
                .build();
    }
}
