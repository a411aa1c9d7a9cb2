package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides what a run does, settled; and its hash, which is what somebody approves.
 *
 * @param hosts by name
 * @param parameters completed with the defaults of the template's schema
 * @param image of the runner
 * @param sourceDigest of the source's ConfigMap; null for what the image holds
 * @param hash 32 hexadecimal digits; those of this run and no other
 * @param absent names of machines that are meant and left out, because nobody knows where to find them: the hash is of the others
 */
record RunInputs(
        AutomationTemplate template,
        List<RunHost> hosts,
        String image,
        @Nullable String sourceDigest,
        JsonNode parameters,
        boolean checkMode,
        String hash,
        List<String> absent) {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final int HASH_DIGITS = 32;
    /**
     * Of a template: what people read, who must be asked, how long runs are kept, and the schema, which has done its work on the
     * parameters.
     */
    private static final Set<String> DECIDES_NOTHING = Set.of(
            "description",
            "requireApproval",
            "checkModeRequiresApproval",
            "approvalTimeout",
            "parameters",
            "ttlSecondsAfterFinished",
            "successfulRunsHistoryLimit",
            "failedRunsHistoryLimit");

    private static final String LEFT_OUT =
            "it has no tailnet address that a run may connect to, so nobody knows where to find it: create another AutomationRun when it has joined";

    private static final Pattern GENERATION = Pattern.compile("[0-9]{1,18}");
    private static final Pattern PULLED = Pattern.compile("(?:[a-z-]+://)?([^@]+)@(sha256:[0-9a-f]{64})");

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
     * @param only names of the machines that earlier attempts were for; null for the first one
     * @throws Refusal saying what to do
     */
    static RunInputs settle(
            AutomationRun run,
            @Nullable AutomationTemplate template,
            RunSource source,
            Collection<TailnetNode> nodes,
            String defaultImage,
            @Nullable Set<String> only)
            throws Refusal {
        var name = run.getSpec().templateRef().name();
        if (template == null) {
            throw new Refusal(
                    Reason.TEMPLATE_NOT_FOUND, false, "there is no AutomationTemplate " + name + " in this namespace");
        }
        expectGeneration(run, template);
        var denied = RunLimits.denial(run, template);
        if (denied.isPresent()) {
            throw new Refusal(denied.get().reason(), true, denied.get().message());
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
        var found = RunHosts.of(run, template, nodes, only);
        var image = wanted.image() == null ? defaultImage : wanted.image();
        var given = Parameters.completed(wanted.parameters(), parameters);
        var settled = new RunInputs(
                template,
                found.hosts(),
                image,
                source.digest(),
                given,
                run.getSpec().checkMode(),
                "",
                found.absent());
        return settled.withHash(settled.computeHash(run.getMetadata()));
    }

    private RunInputs withHash(String computed) {
        return new RunInputs(template, hosts, image, sourceDigest, parameters, checkMode, computed, absent);
    }

    /** Results of the machines that are left out: they are meant, and not reached. */
    List<Host> leftOut() {
        return absent.stream()
                .map(name -> new Host(name, HostState.UNREACHABLE, null, null, null, null, null, LEFT_OUT))
                .toList();
    }

    /**
     * With the very image that an earlier attempt had: a tag can have been moved meanwhile. Nodes also have images that no registry
     * gave them, which have no such name.
     *
     * @param imageId as the kubelet says it: {@code REPOSITORY@sha256:...}, or something else
     */
    RunInputs pinnedTo(@Nullable String imageId) {
        var repository = image.substring(0, endOfRepository(image));
        var pulled = imageId == null ? null : PULLED.matcher(imageId);
        return pulled != null
                        && pulled.matches()
                        && Set.of(repository, "docker.io/" + repository, "docker.io/library/" + repository)
                                .contains(pulled.group(1))
                ? new RunInputs(
                        template,
                        hosts,
                        repository + "@" + pulled.group(2),
                        sourceDigest,
                        parameters,
                        checkMode,
                        hash,
                        absent)
                : this;
    }

    private static int endOfRepository(String image) {
        var digest = image.indexOf('@');
        var name = digest < 0 ? image : image.substring(0, digest);
        var tag = name.lastIndexOf(':');
        return tag > name.lastIndexOf('/') ? tag : name.length();
    }

    /** The operator has ordered the run for the template as it is now; what the cache has may be what it was before. */
    private static void expectGeneration(AutomationRun run, AutomationTemplate template) throws Refusal {
        var annotations = run.getMetadata().getAnnotations();
        var named = annotations == null ? null : annotations.get(ApiGroup.TEMPLATE_GENERATION_ANNOTATION);
        if (named == null) {
            return;
        }
        if (!GENERATION.matcher(named).matches()) {
            throw new Refusal(
                    Reason.INVALID,
                    false,
                    "the annotation " + ApiGroup.TEMPLATE_GENERATION_ANNOTATION
                            + " must be a number: correct or remove it");
        }
        var known = template.getMetadata().getGeneration();
        if (known != null && known < Long.parseLong(named)) {
            throw new Refusal(
                    Reason.TEMPLATE_NOT_READ_YET,
                    false,
                    "waits for generation " + named + " of AutomationTemplate "
                            + template.getMetadata().getName() + "; generation " + known
                            + " is known. It starts by itself");
        }
    }

    /**
     * A field of a template counts unless it is known to decide nothing, so that a new one does. The run's UID makes the hash
     * useless for any other run, and it is not known before the run is there.
     */
    private String computeHash(ObjectMeta run) {
        ObjectNode all = JSON.createObjectNode();
        all.put("namespace", run.getNamespace());
        all.put("run", run.getUid());
        all.put("templateName", template.getMetadata().getName());
        ObjectNode spec = JSON.valueToTree(template.getSpec());
        all.set("template", spec.without(DECIDES_NOTHING));
        all.put("sourceDigest", sourceDigest);
        all.put("image", image);
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
