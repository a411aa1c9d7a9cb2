package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.automation.AttemptSecretEffects.AttemptRecord;
import com.xonetwork.tailnet.automation.AttemptSecretEffects.Made;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunTokens.Attempt;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One token for one attempt, which nobody can replace, and no word of it in an error. */
class AttemptSecretEffectsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final AttemptOrder ORDER = new AttemptOrder(List.of("web-1", "web-2"), List.of());
    private static final Map<String, String> FILES = Map.of(
            "run.json",
            "{\"hosts\": [{\"address\": \"192.0.2.1\", \"port\": 22, \"hostKey\": \"k\"}, {\"address\": \"192.0.2.2\", \"port\": 2200}]}",
            "known_hosts",
            "");
    private static final String NAME = "xo-run-uid-ping-1";

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final AttemptKey key = new AttemptKey("net", "uid-ping", 1);
    private final AutomationRun run = Serialization.unmarshal("""
            apiVersion: tailnet.xo-network.com/v1alpha1
            kind: AutomationRun
            metadata: {name: ping, namespace: net, uid: uid-ping}
            spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}, {name: web-2}]}}
            status: {phase: Running, attempt: 1}
            """, AutomationRun.class);

    private AttemptSecretEffects effects;

    @BeforeEach
    void start() {
        api.at(NOW);
        effects = restarted();
    }

    private AttemptSecretEffects restarted() {
        return new AttemptSecretEffects(api.client());
    }

    private Optional<AttemptRecord> create() {
        return effects.create(run, key, ORDER, FILES, "inputs-1");
    }

    private Secret secret() {
        return api.get(Secret.class, "net", NAME);
    }

    private static Secret somebodyElses(String name) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName(name)
                .endMetadata()
                .addToStringData("token", "theirs")
                .addToStringData("attempt.json", "{\"hosts\": [\"web-1\"]}")
                .addToStringData("run.json", "{}")
                .build();
    }

    @Test
    void anAttemptIsKnownByItsTokenFromItsStart() {
        var made = create().orElseThrow();

        assertThat(made.token()).hasSize(43);
        assertThat(made.hosts()).containsExactlyInAnyOrder("web-1", "web-2");
        assertThat(made.firstContacts()).containsExactly("[192.0.2.2]:2200");
        assertThat(effects.of(key)).contains(new Attempt(made.token(), Set.of("web-1", "web-2")));
        assertThat(secret().getImmutable()).isTrue();
    }

    @Test
    void theSecondOneToMakeItFindsTheFirst() {
        var made = create().orElseThrow();
        var other = restarted();

        assertThat(other.create(run, key, ORDER, FILES, "inputs-1")).isEmpty();
        assertThat(other.of(key)).as("strangers are answered from memory").isEmpty();
        assertThat(other.find(key)).contains(made);
        assertThat(other.of(key)).map(Attempt::token).contains(made.token());
        assertThat(other.made(key, ORDER, FILES, "inputs-1")).contains(new Made(NOW, true));
    }

    @Test
    void oneThatIsKnownCostsNoCall() {
        create();
        var before = api.requests().size();
        effects.find(key);
        effects.of(key);

        assertThat(api.requests()).hasSize(before);
    }

    @Test
    void whatWouldBeMadeOtherwiseNowShows() {
        create();
        var none = Optional.of(new Made(NOW, false));

        assertThat(effects.made(key, ORDER, FILES, "inputs-2")).isEqualTo(none);
        assertThat(effects.made(key, new AttemptOrder(List.of("web-1"), List.of()), FILES, "inputs-1"))
                .isEqualTo(none);
        assertThat(effects.made(key, ORDER, Map.of("run.json", "{}"), "inputs-1"))
                .isEqualTo(none);
        api.has(new SecretBuilder(secret()).withImmutable(null).build());
        assertThat(effects.made(key, ORDER, FILES, "inputs-1"))
                .as("one that can be changed is not believed")
                .isEqualTo(none);
    }

    @Test
    void aSecretOfSomebodyElseIsNeitherReadNorDeleted() {
        api.has(somebodyElses(NAME));
        api.has(somebodyElses(NAME + "-source"));

        assertThat(create()).isEmpty();
        assertThat(effects.find(key)).isEmpty();
        assertThat(effects.made(key, ORDER, FILES, "inputs-1")).isEmpty();
        effects.delete(key, true);
        assertThat(api.names()).hasSize(2);
    }

    /** Whoever may make Secrets can write any owner into one; the label is what an admission policy keeps for the operator. */
    @Test
    void anOwnerReferenceAloneProvesNothing() {
        create();
        var forged = new SecretBuilder(secret())
                .editMetadata()
                .withLabels(null)
                .endMetadata()
                .build();
        api.has(forged);

        assertThat(restarted().find(key)).isEmpty();
    }

    @Test
    void oneThatCannotBeReadIsNoReasonToStop() {
        create();
        api.has(new SecretBuilder(secret()).addToStringData("attempt.json", "{").build());

        assertThat(restarted().find(key)).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNotSent() {
        var files = Map.of("run.json", "x".repeat(1024 * 1024), "known_hosts", "");

        assertThatThrownBy(() -> effects.create(run, key, ORDER, files, "inputs-1"))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.RUN_TOO_LARGE))
                .hasMessageContaining("A Secret holds at most 1048576");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aRefusalSaysNothingOfTheToken() {
        api.refuses("POST", "secrets", 403, "denied by rule: stringData.token abc");

        assertThatThrownBy(this::create)
                .isInstanceOf(StartRefused.class)
                .hasMessage(
                        "A Secret of attempt 1 was refused, so nothing of it runs: the API server answered HTTP 403:"
                                + " a quota, an admission rule, or the operator's rights");
    }

    /** It may have been written: that is another thing than a refusal, and the attempt is not given up for it. */
    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void noAnswerIsNoRefusal(int status) {
        api.refuses("POST", "secrets", status, "stringData.token abc");

        assertThatThrownBy(this::create)
                .isInstanceOf(IllegalStateException.class)
                .hasNoCause()
                .hasMessageContaining("may not have been written")
                .hasMessageNotContaining("abc");
    }

    @Test
    void anAttemptThatEndedTakesNoEvents() {
        create();
        effects.endAll(run);
        assertThat(effects.of(key)).isEmpty();
        assertThat(api.names()).as("its record is not complete yet").hasSize(1);

        effects.find(key);
        effects.delete(key, true);
        assertThat(effects.of(key)).isEmpty();
        assertThat(api.names()).isEmpty();
        effects.delete(key, true);
    }

    @Test
    void aSourceIsCopiedOnce() {
        assertThat(effects.copySource(run, key, Map.of("play.yml", "Zmlyc3Q="), "d1"))
                .isTrue();
        assertThat(effects.copySource(run, key, Map.of("play.yml", "Zmlyc3Q="), "d1"))
                .isTrue();

        assertThat(api.get(Secret.class, "net", NAME + "-source").getData()).isEqualTo(Map.of("play.yml", "Zmlyc3Q="));
        assertThat(api.get(Secret.class, "net", NAME + "-source").getImmutable())
                .isTrue();
    }

    @Test
    void anOlderCopyGoesBeforeTheNextTry() {
        effects.copySource(run, key, Map.of("play.yml", "Zmlyc3Q="), "d1");

        assertThat(effects.copySource(run, key, Map.of("play.yml", "b3RoZXI="), "d2"))
                .as("it is not taken for the copy")
                .isFalse();
        assertThat(effects.copySource(run, key, Map.of("play.yml", "b3RoZXI="), "d2"))
                .isTrue();
    }

    @Test
    void aCopyOfSomebodyElseIsNotRun() {
        api.has(somebodyElses(NAME + "-source"));

        assertThatThrownBy(() -> effects.copySource(run, key, Map.of("play.yml", "Zmlyc3Q="), "d1"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("was not made by the operator for this run");
        assertThat(api.names()).containsExactly("secrets/" + NAME + "-source");
    }
}
