package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.NullNode;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunApproval;
import com.xonetwork.tailnet.automation.KnownTemplates;
import com.xonetwork.tailnet.automation.Parameters;
import com.xonetwork.tailnet.automation.RunLimits;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes, reads and changes AutomationRuns as callers ask: always the API server's own, so that whoever was told of a run can
 * read it at once, from any replica. Whether the caller may is settled before.
 */
@Singleton
public final class RunRequestEffects {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    /** Digits of a hash in a run's name. */
    private static final int NAME_DIGITS = 32;

    private final KubernetesClient kubernetes;
    private final KnownTemplates templates;

    public RunRequestEffects(KubernetesClient kubernetes, KnownTemplates templates) {
        this.kubernetes = kubernetes;
        this.templates = templates;
    }

    /**
     * Makes a run. With a key there is one run for each caller, namespace and key, however often it is asked for.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem 400 or 422 when the request cannot be, 422 also when the key was used
     *     for another request, 409 when somebody else has made a run of that name
     */
    AutomationRun order(ExecuteRequest request, Caller caller, Optional<String> key) {
        var spec = request.spec(caller);
        var namespace = request.requiredNamespace();
        var metadata = new ObjectMetaBuilder().withNamespace(namespace);
        var run = new AutomationRun();
        run.setMetadata(metadata.build());
        run.setSpec(spec);
        var id = key.map(text -> nameOf(caller, namespace, text));
        var hash = DigestUtils.sha256Hex(sorted(request));
        var refusal = refusal(run);
        if (refusal.isPresent()) {
            // The template may have changed since the run was made that this request asked for.
            return id.flatMap(this::find).map(there -> same(there, spec, hash)).orElseThrow(refusal::get);
        }
        if (id.isPresent()) {
            metadata.withName(id.get().name()).withAnnotations(Map.of(ApiGroup.REQUEST_ANNOTATION, hash));
        } else {
            metadata.withGenerateName(spec.templateRef().name() + "-");
        }
        run.setMetadata(metadata.build());
        try {
            return kubernetes.resource(run).create();
        } catch (KubernetesClientException e) {
            if (id.isEmpty() || e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return same(get(id.get()), spec, hash);
        }
    }

    private static RunId nameOf(Caller caller, String namespace, String key) {
        var hash = DigestUtils.sha256Hex(caller.name() + "\n" + namespace + "\n" + key);
        return new RunId(namespace, "run-" + hash.substring(0, NAME_DIGITS));
    }

    /**
     * The name of a run can be found out beforehand, and where no admission policy forbids it, anybody who may create runs can give
     * one that name and the annotation: what it does is compared.
     */
    private static AutomationRun same(AutomationRun run, AutomationRunSpec wanted, String hash) {
        var annotations = run.getMetadata().getAnnotations();
        var made = annotations == null ? null : annotations.get(ApiGroup.REQUEST_ANNOTATION);
        if (made != null && !made.equals(hash)) {
            throw ApiProblems.invalid("this Idempotency-Key was used for another request, which made run "
                    + RunId.of(run) + ": use a new key for a new request");
        }
        if (made == null || !doesTheSame(run.getSpec(), wanted)) {
            throw ApiProblems.conflict(
                    "run " + RunId.of(run) + " has the name that belongs to this Idempotency-Key, and was not made for"
                            + " this request. It does something else. Use a new key, and find out who made the run");
        }
        return run;
    }

    private static boolean doesTheSame(AutomationRunSpec there, AutomationRunSpec wanted) {
        return there.templateRef().equals(wanted.templateRef())
                && there.targets().equals(wanted.targets())
                && there.checkMode().equals(wanted.checkMode())
                && there.requireApproval().equals(wanted.requireApproval())
                && Objects.equals(there.requestedBy(), wanted.requestedBy())
                && Objects.equals(there.requestId(), wanted.requestId())
                && orNull(there.parameters()).equals(RunRequestEffects::compare, orNull(wanted.parameters()));
    }

    private static JsonNode orNull(@Nullable JsonNode parameters) {
        return parameters == null ? NullNode.getInstance() : parameters;
    }

    /** The API server stores 1.0 as 1. */
    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? Double.compare(one.doubleValue(), other.doubleValue())
                : one.equals(other) ? 0 : 1;
    }

    private static String sorted(ExecuteRequest request) {
        try {
            return JSON.writeValueAsString(JSON.convertValue(request, Map.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what came as JSON can be written as JSON", e);
        }
    }

    /**
     * What the run would say of itself some moments later. An old template may let pass what the run then refuses, but nothing is
     * refused for one that has been changed meanwhile.
     */
    private Optional<HttpProblem> refusal(AutomationRun run) {
        var namespace = run.getMetadata().getNamespace();
        var name = run.getSpec().templateRef().name();
        var fits = templates
                .find(namespace, name)
                .filter(known -> complaint(known, run).isEmpty());
        return fits.isPresent() ? Optional.empty() : refusalByNow(run, namespace, name);
    }

    private Optional<HttpProblem> refusalByNow(AutomationRun run, String namespace, String name) {
        var template = kubernetes
                .resources(AutomationTemplate.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        return template == null
                ? Optional.of(
                        ApiProblems.invalid("there is no AutomationTemplate " + name + " in namespace " + namespace))
                : complaint(template, run);
    }

    private static Optional<HttpProblem> complaint(AutomationTemplate template, AutomationRun run) {
        var denial = RunLimits.denial(run, template);
        if (denial.isPresent()) {
            return Optional.of(ApiProblems.invalid(denial.get().message()));
        }
        var complaints = Parameters.complaints(template.getSpec(), run.getSpec().parameters());
        return complaints.isEmpty()
                ? Optional.empty()
                : Optional.of(ApiProblems.invalid("parameters do not fit template "
                        + template.getMetadata().getName() + ": " + String.join("; ", complaints)));
    }

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem 404 */
    AutomationRun get(RunId id) {
        return find(id).orElseThrow(() ->
                ApiProblems.notFound("there is no AutomationRun " + id.name() + " in namespace " + id.namespace()));
    }

    private Optional<AutomationRun> find(RunId id) {
        return Optional.ofNullable(resource(id).get());
    }

    private Resource<AutomationRun> resource(RunId id) {
        return kubernetes
                .resources(AutomationRun.class)
                .inNamespace(id.namespace())
                .withName(id.name());
    }

    /**
     * One page, by name.
     *
     * @param namespace empty for all
     * @param next from the page before
     */
    KubernetesResourceList<AutomationRun> list(String namespace, int limit, @Nullable String next) {
        var options = new ListOptionsBuilder()
                .withLimit((long) limit)
                .withContinue(next)
                .build();
        var runs = kubernetes.resources(AutomationRun.class);
        return namespace.isEmpty()
                ? runs.inAnyNamespace().list(options)
                : runs.inNamespace(namespace).list(options);
    }

    AutomationRun cancel(RunId id) {
        return patch(id, Map.of("cancel", true));
    }

    AutomationRun decide(RunId id, RunApproval decision) {
        return patch(id, Map.of("approval", decision));
    }

    private AutomationRun patch(RunId id, Map<String, Object> spec) {
        try {
            return resource(id)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), JSON.writeValueAsString(Map.of("spec", spec)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run's spec can be written as JSON", e);
        }
    }
}
