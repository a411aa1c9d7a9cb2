package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.status.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides what a run does, settled; and its hash, which is what somebody approves.
 *
 * @param hosts by name
 * @param image of the runner
 * @param sourceDigest of the source's ConfigMap; null for what the image holds
 * @param hash 32 hexadecimal digits
 */
record RunInputs(
        AutomationTemplate template,
        List<RunHost> hosts,
        String image,
        @Nullable String sourceDigest,
        JsonNode parameters,
        boolean checkMode,
        String hash) {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final int HASH_DIGITS = 32;
    private static final int NAMED = 10;

    /**
     * The run cannot be, as things are.
     *
     * @param isFinal nothing outside the run can change it
     */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final Reason reason;
        private final boolean isFinal;

        Refusal(Reason reason, boolean isFinal, String message) {
            super(message, null, false, false);
            this.reason = reason;
            this.isFinal = isFinal;
        }

        Reason reason() {
            return reason;
        }

        boolean isFinal() {
            return isFinal;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * @param template null when there is none of that name
     * @param nodes all TailnetNodes of the run's namespace
     * @throws Refusal saying what to do
     */
    static RunInputs settle(
            AutomationRun run,
            @Nullable AutomationTemplate template,
            RunSource source,
            Collection<TailnetNode> nodes,
            String defaultImage)
            throws Refusal {
        var name = run.getSpec().templateRef().name();
        if (template == null) {
            throw new Refusal(
                    Reason.TEMPLATE_NOT_FOUND, false, "there is no AutomationTemplate " + name + " in this namespace");
        }
        var wanted = template.getSpec();
        var engine = RunEngine.of(wanted.engine());
        var complaints = TemplatePlanner.complaints(template);
        if (!complaints.isEmpty()) {
            throw new Refusal(
                    Reason.INVALID,
                    false,
                    "AutomationTemplate " + name + " is not valid: " + String.join("; ", complaints));
        }
        if (source.problem() != null) {
            throw new Refusal(Reason.SOURCE_NOT_FOUND, false, source.problem());
        }
        var parameters = run.getSpec().parameters();
        var wrong = Parameters.complaints(wanted.parameters(), parameters, engine);
        if (!wrong.isEmpty()) {
            throw new Refusal(
                    Reason.INVALID_PARAMETERS,
                    true,
                    "parameters do not fit AutomationTemplate " + name + ": " + String.join("; ", wrong)
                            + ". Create another AutomationRun with parameters that do");
        }
        var hosts = hosts(run, template, nodes);
        var image = wanted.image() == null ? defaultImage : wanted.image();
        var given = parameters == null ? JSON.createObjectNode() : parameters;
        var settled = new RunInputs(
                template, hosts, image, source.digest(), given, run.getSpec().checkMode(), "");
        return new RunInputs(
                template, hosts, image, source.digest(), given, run.getSpec().checkMode(), settled.computeHash());
    }

    private static List<RunHost> hosts(AutomationRun run, AutomationTemplate template, Collection<TailnetNode> nodes)
            throws Refusal {
        var byName = new TreeMap<String, TailnetNode>();
        nodes.forEach(node -> byName.put(node.getMetadata().getName(), node));
        var targets = run.getSpec().targets();
        var selector = targets.selector();
        var wanted = selector == null
                ? targets.nodes()
                : byName.values().stream()
                        .filter(node -> selector.selects(node.getMetadata().getLabels()))
                        .map(node -> new Target(node.getMetadata().getName(), null, null, null, null))
                        .toList();
        if (wanted.isEmpty()) {
            throw new Refusal(
                    Reason.TARGETS_NOT_FOUND,
                    false,
                    "no TailnetNode in this namespace has the labels of targets.selector");
        }
        var missing = new ArrayList<String>();
        var homeless = new ArrayList<String>();
        var hosts = new ArrayList<RunHost>();
        var ssh = template.getSpec().ssh();
        for (var target : wanted) {
            var node = byName.get(target.name());
            var status = node == null ? null : node.getStatus();
            var address = target.address() != null ? target.address() : status == null ? null : status.address();
            if (node == null) {
                missing.add(target.name());
            } else if (address == null) {
                homeless.add(target.name());
            } else {
                hosts.add(new RunHost(
                        target.name(),
                        address,
                        target.port() == null ? ssh.port() : target.port(),
                        target.user() == null ? ssh.user() : target.user(),
                        target.hostKey()));
            }
        }
        if (!missing.isEmpty()) {
            throw new Refusal(
                    Reason.TARGETS_NOT_FOUND,
                    false,
                    "there is no TailnetNode " + named(missing) + " in this namespace");
        }
        if (!homeless.isEmpty()) {
            throw new Refusal(
                    Reason.TARGETS_NOT_FOUND,
                    false,
                    "not known where to find " + named(homeless)
                            + ": the machine has no tailnet address yet; give one in targets.nodes[].address");
        }
        if (hosts.stream().map(RunHost::name).distinct().count() < hosts.size()) {
            throw new Refusal(Reason.TARGETS_NOT_FOUND, true, "targets.nodes names a machine twice");
        }
        if (hosts.size() > RunTargets.MAX_NODES) {
            throw new Refusal(
                    Reason.TARGETS_NOT_FOUND,
                    false,
                    "targets.selector means " + hosts.size() + " machines; a run can have " + RunTargets.MAX_NODES
                            + ": narrow it, or make several runs");
        }
        hosts.sort(Comparator.comparing(RunHost::name));
        return List.copyOf(hosts);
    }

    private static String named(List<String> names) {
        var some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() <= NAMED ? some : some + " and " + (names.size() - NAMED) + " more";
    }

    private String computeHash() {
        var spec = template.getSpec();
        ObjectNode all = JSON.createObjectNode();
        all.put("engine", spec.engine().toString());
        all.set("source", JSON.valueToTree(spec.source()));
        all.put("sourceDigest", sourceDigest);
        all.put("image", image);
        all.set("secrets", JSON.valueToTree(spec.secrets()));
        all.set("ssh", JSON.valueToTree(spec.ssh()));
        all.set("timeouts", JSON.valueToTree(spec.timeouts()));
        all.put("forks", spec.forks());
        all.put("retries", spec.retries());
        all.put("retryScope", spec.retryScope().name());
        all.put("checkMode", checkMode);
        all.set("parameters", parameters);
        all.set("hosts", JSON.valueToTree(hosts));
        return digest(sorted(all).getBytes(StandardCharsets.UTF_8));
    }

    /** The same for the same content, whatever the order of its fields. */
    private static String sorted(JsonNode json) {
        try {
            return JSON.writeValueAsString(JSON.treeToValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was just made cannot be written", e);
        }
    }

    static String digest(byte[] content) {
        return DigestUtils.sha256Hex(content).substring(0, HASH_DIGITS);
    }
}
