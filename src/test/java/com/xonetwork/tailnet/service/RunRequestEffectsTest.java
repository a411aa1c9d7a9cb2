package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunApproval;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.automation.KnownTemplates;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One run for one key, and never another than the one that was asked for. */
class RunRequestEffectsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Caller ANNA = new Caller("anna", "", List.of(), Map.of());
    private static final Caller BEN = new Caller("ben", "", List.of(), Map.of());
    private static final Optional<String> KEY = Optional.of("key-1");

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final KnownTemplates templates = new KnownTemplates();
    private RunRequestEffects effects;

    @BeforeEach
    void start() {
        effects = new RunRequestEffects(api.client(), templates);
        api.has(template("integer"));
    }

    /** With one parameter, {@code count}. */
    private static AutomationTemplate template(String type) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping, namespace: net}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: Strict}
                  parameters: {type: object, additionalProperties: false, properties: {count: {type: %s}}}
                """.formatted(type), AutomationTemplate.class);
    }

    private static ExecuteRequest request(String node, String parameters) {
        try {
            var targets = new RunTargets(List.of(new Target(node, null, null, null, null)), null);
            return new ExecuteRequest("net", "ping", targets, JSON.readTree(parameters), false, "mine");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(parameters, e);
        }
    }

    private static ExecuteRequest request() {
        return request("web-1", "{\"count\": 1}");
    }

    private List<String> runs() {
        return api.names().stream()
                .filter(name -> name.startsWith("automationruns/"))
                .toList();
    }

    private static void isProblem(int status, String words, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HttpProblem.class, problem -> {
            assertThat(problem.getStatusCode()).isEqualTo(status);
            assertThat(problem.getDetail()).contains(words);
        });
    }

    @Test
    void theSameKeyIsTheSameRun() {
        var first = effects.order(request(), ANNA, KEY);
        var second = effects.order(request(), ANNA, KEY);

        assertThat(runs()).hasSize(1);
        assertThat(RunId.of(second)).isEqualTo(RunId.of(first));
        assertThat(first.getSpec().requestedBy()).isEqualTo("anna");
    }

    /** The API server stores 1.0 as 1. */
    @Test
    void aNumberThatIsStoredOtherwiseIsTheSame() {
        var asked = request("web-1", "{\"count\": 1.0}");
        var made = effects.order(asked, ANNA, KEY);
        api.has(Serialization.unmarshal(Serialization.asJson(made).replace("1.0", "1"), AutomationRun.class));

        assertThat(RunId.of(effects.order(asked, ANNA, KEY))).isEqualTo(RunId.of(made));
    }

    @Test
    void anotherCallerOrKeyOrNoneIsAnotherRun() {
        effects.order(request(), ANNA, KEY);
        effects.order(request(), BEN, KEY);
        effects.order(request(), ANNA, Optional.of("key-2"));
        effects.order(request(), ANNA, Optional.empty());
        effects.order(request(), ANNA, Optional.empty());

        assertThat(runs()).hasSize(5);
    }

    @Test
    void aKeyIsNotForTwoRequests() {
        effects.order(request(), ANNA, KEY);

        isProblem(422, "was used for another request", () -> effects.order(request("web-2", "{}"), ANNA, KEY));
        assertThat(runs()).hasSize(1);
    }

    /** The name follows from what a stranger may know, and so does the annotation. */
    @Test
    void aRunThatOnlyLooksLikeTheOneThatWasAskedForIsNotHandedOut() {
        var made = effects.order(request(), ANNA, KEY);
        var json = Serialization.asJson(made);
        api.has(Serialization.unmarshal(json.replace("web-1", "web-9"), AutomationRun.class));
        isProblem(409, "It does something else", () -> effects.order(request(), ANNA, KEY));

        var unmarked = Serialization.unmarshal(json, AutomationRun.class);
        unmarked.getMetadata().setAnnotations(null);
        api.has(unmarked);
        isProblem(409, "was not made for this request", () -> effects.order(request(), ANNA, KEY));
    }

    @Test
    void whoAsksAgainIsToldOfTheRunWhateverBecameOfItsTemplate() {
        var made = effects.order(request(), ANNA, KEY);
        api.lacks(template("integer"));

        assertThat(RunId.of(effects.order(request(), ANNA, KEY))).isEqualTo(RunId.of(made));
        isProblem(
                422,
                "there is no AutomationTemplate ping in namespace net",
                () -> effects.order(request(), ANNA, Optional.empty()));
    }

    @Test
    void parametersThatDoNotFitMakeNoRun() {
        isProblem(
                422,
                "parameters do not fit template ping",
                () -> effects.order(request("web-1", "{\"count\": \"many\"}"), ANNA, KEY));
        assertThat(runs()).isEmpty();
    }

    private record Cached(AutomationTemplate template) implements ResourceCache<AutomationTemplate> {
        @Override
        public Optional<AutomationTemplate> get(ResourceID id) {
            return Optional.of(template)
                    .filter(known -> ResourceID.fromResource(known).equals(id));
        }

        @Override
        public Stream<ResourceID> keys() {
            return Stream.of(ResourceID.fromResource(template));
        }

        @Override
        public Stream<AutomationTemplate> list(Predicate<AutomationTemplate> predicate) {
            return Stream.of(template).filter(predicate);
        }

        @Override
        public Stream<AutomationTemplate> list(String namespace, Predicate<AutomationTemplate> predicate) {
            return list(predicate);
        }
    }

    @Test
    void aTemplateThatIsKnownCostsNoCall() {
        templates.readFrom(new Cached(template("integer")));
        effects.order(request(), ANNA, KEY);

        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void nothingIsRefusedForATemplateAsItWas() {
        templates.readFrom(new Cached(template("string")));

        assertThat(effects.order(request(), ANNA, KEY).getMetadata().getName()).startsWith("run-");
    }

    @Test
    void whatTheServerRefusesIsItsAnswer() {
        api.refuses("POST", "automationruns", 403, "exceeded quota: none");

        assertThatThrownBy(() -> effects.order(request(), ANNA, KEY))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(403));
        api.relents();
        api.refuses("POST", "automationruns", 409, "the namespace is being deleted");
        assertThatThrownBy(() -> effects.order(request(), ANNA, Optional.empty()))
                .isInstanceOf(KubernetesClientException.class);
        isProblem(404, "there is no AutomationRun run-", () -> effects.order(request(), ANNA, KEY));
    }

    @Test
    void cancellingAndDecidingChangeNothingElse() {
        var id = RunId.of(effects.order(request(), ANNA, KEY));
        var decision = new RunApproval(RunApproval.Decision.APPROVE, "0123456789abcdef", "ben");
        effects.decide(id, decision);
        effects.cancel(id);

        var spec = effects.get(id).getSpec();
        assertThat(spec.cancel()).isTrue();
        assertThat(spec.approval()).isEqualTo(decision);
        assertThat(spec.requestId()).isEqualTo("mine");
        assertThat(spec.parameters().path("count").asInt()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsNotMadeByCancelling() {
        var id = new RunId("net", "none");

        isProblem(404, "there is no AutomationRun none in namespace net", () -> effects.get(id));
        assertThatThrownBy(() -> effects.cancel(id)).isInstanceOf(KubernetesClientException.class);
        assertThat(runs()).isEmpty();
    }

    @Test
    void runsAreListedOfOneNamespace() {
        effects.order(request(), ANNA, KEY);

        assertThat(effects.list("net", 10, null).getItems()).hasSize(1);
        assertThat(effects.list("other", 10, null).getItems()).isEmpty();
        assertThat(api.requests().getLast().uri()).contains("limit=10");
    }
}
