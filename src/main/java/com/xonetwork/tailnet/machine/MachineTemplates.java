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
import com.xonetwork.tailnet.api.v1alpha1.TemplateTargets;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The templates and runs of one machine. A template of its own, as the key to log in with and the join key are its own: {@code
 * NAME-join} gets the join key, {@code NAME-machine} does not. A run chooses the action and nothing else: each other parameter has
 * one allowed value, which is its default. So whoever may create runs cannot say what a machine is set to.
 */
@Pure
public final class MachineTemplates {

    private static final String PLAYBOOK = "xo.tailnet.tailscale";
    /** Leaves room for the action and the hash. */
    private static final int LONGEST_STEM = 200;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The CRDs allow more of a description and of who asked, but not with the longest name of a node in it. */
    private static final int LONGEST_SHOWN_NAME = 120;

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

    /**
     * @param authKey where the join key is
     * @param values all that the machine is to be set to, by parameter
     */
    static AutomationTemplate template(
            TailnetNode node, SshJoin ssh, MachineAction action, KeyRef authKey, Map<String, Object> values) {
        var template = new AutomationTemplate();
        template.setMetadata(new ObjectMetaBuilder()
                .withName(name(node, action))
                .withNamespace(node.getMetadata().getNamespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .withOwnerReferences(Ownership.by(node))
                .build());
        template.setSpec(new AutomationTemplateSpec(
                AutomationEngine.ANSIBLE,
                new AutomationSource(PLAYBOOK, null),
                action.needsKey()
                        ? "Lets " + shown(node) + " join its tailnet. Made by the operator."
                        : "Sets " + shown(node) + " as wanted. Made by the operator.",
                schema(action.needsKey(), values),
                action.needsKey() ? List.of(new AutomationSecret("tailscale_auth_key", authKey)) : List.of(),
                new AutomationSsh(ssh.keySecretRef(), ssh.user(), ssh.port(), null, ssh.hostKeys()),
                TemplateTargets.DEFAULT,
                new AutomationTimeouts("10m", "5m", "5m"),
                // The node itself decides whether and when it is tried again.
                0,
                RetryScope.FAILED_HOSTS,
                "10s",
                ConcurrencyPolicy.ALLOW,
                false,
                true,
                "24h",
                1,
                RunnerResources.DEFAULT,
                null,
                List.of(),
                null,
                null,
                null));
        return template;
    }

    /**
     * Whether a template that belongs to nobody is one of the operator's that came back from a backup without its owner. Then it says
     * exactly what the operator wants to say: to take it changes nothing but to whom it belongs. One that differs may be somebody's own.
     */
    static boolean isLeftOver(AutomationTemplate there, AutomationTemplate wanted) {
        var metadata = there.getMetadata();
        return metadata.getOwnerReferences().isEmpty()
                && !there.isMarkedForDeletion()
                && ApiGroup.OPERATOR.equals(
                        metadata.getLabels() == null
                                ? null
                                : metadata.getLabels().get(ApiGroup.MANAGED_BY_LABEL))
                && wanted.getSpec().equals(there.getSpec());
    }

    /** The resource's name, cut where the CRDs have no place for the longest. */
    public static String shown(HasMetadata resource) {
        var name = resource.getMetadata().getName();
        return name.length() <= LONGEST_SHOWN_NAME ? name : name.substring(0, LONGEST_SHOWN_NAME) + "...";
    }

    private static JsonNode schema(boolean needsKey, Map<String, Object> values) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put(
                MachineOrder.ACTION,
                Map.of(
                        "enum",
                        Stream.of(MachineAction.values())
                                .filter(action -> action.needsKey() == needsKey)
                                .map(MachineAction::toString)
                                .toList()));
        values.forEach((name, value) -> properties.put(name, Map.of("enum", List.of(value), "default", value)));
        return JSON.valueToTree(Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "required",
                List.of(MachineOrder.ACTION),
                "properties",
                properties));
    }

    /**
     * A run whose name follows from what it is for and from the run before it, so that making it twice makes one.
     *
     * @param before the newest run of the machine; null for none
     * @param generation of the template, with which the template has the values that the order is about
     */
    static AutomationRun run(TailnetNode node, MachineOrder order, @Nullable AutomationRun before, long generation) {
        var run = new AutomationRun();
        var metadata = node.getMetadata();
        run.setMetadata(new ObjectMetaBuilder()
                .withName(runName(node, order.action().toString(), metadata.getUid() + order.id(), before))
                .withNamespace(metadata.getNamespace())
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .addToLabels(MachineRuns.MACHINE_LABEL, "true")
                .addToAnnotations(ApiGroup.TEMPLATE_GENERATION_ANNOTATION, String.valueOf(generation))
                .withOwnerReferences(Ownership.by(node))
                .build());
        run.setSpec(new AutomationRunSpec(
                new LocalRef(name(node, order.action())),
                new RunTargets(List.of(target(node)), null),
                MachineOrder.parameters(order.action()),
                false,
                false,
                false,
                null,
                order.id(),
                "TailnetNode " + shown(node)));
        return run;
    }

    /**
     * Name of a run that is for one machine: the same for the same occasion after the same run, so that making it twice makes one.
     *
     * @param what it is for, in a word
     * @param before the newest run of the machine; null for none
     */
    public static String runName(TailnetNode node, String what, String occasion, @Nullable AutomationRun before) {
        var after = before == null ? "" : before.getMetadata().getName();
        return stem(node) + "-" + what + "-" + MachineOrder.hash(occasion + " " + after);
    }

    /** By its name alone: a run of a node's template finds the machine at the node's {@code spec.join.ssh}. */
    public static RunTargets.Target target(TailnetNode node) {
        return new RunTargets.Target(node.getMetadata().getName(), null, null, null, null);
    }
}
