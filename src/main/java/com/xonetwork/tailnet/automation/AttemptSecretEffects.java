package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.config.Ownership;
import com.xonetwork.tailnet.config.SecretData;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunTokens;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The Secrets of attempts: the order for the runner, its token, and which machines the attempt is for. Made once and never
 * changed, owned by the run, and read by name, once in the life of this process.
 */
public final class AttemptSecretEffects implements RunTokens {

    private static final int REMEMBERED = 1_000;
    private static final int TOKEN_BYTES = 32;

    private final KubernetesClient kubernetes;
    private final ObjectMapper json = new ObjectMapper();
    private final SecureRandom random = new SecureRandom();
    private final Map<AttemptKey, AttemptRecord> known = Collections.synchronizedMap(new Remembered());

    /**
     * What an attempt's Secret holds.
     *
     * @param hosts names of the order's machines
     * @param firstContacts hosts of the attempt without a host key of their own, as {@link KnownHostLine#host} writes them
     */
    record AttemptRecord(String token, AttemptOrder order, Set<String> hosts, Set<String> firstContacts) {}

    public AttemptSecretEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Each attempt that goes on is known here: it was made by this process, or looked at since its start. */
    @Override
    public Optional<Attempt> of(AttemptKey attempt) {
        return Optional.ofNullable(known.get(attempt)).map(found -> new Attempt(found.token(), found.hosts()));
    }

    Optional<AttemptRecord> find(AttemptKey attempt) {
        var remembered = known.get(attempt);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        return Optional.ofNullable(kubernetes
                        .secrets()
                        .inNamespace(attempt.namespace())
                        .withName(attempt.objectName())
                        .get())
                // Anybody who may make Secrets could make one of this name: it would have no owner of this uid.
                .filter(secret -> Ownership.isBy(attempt.runUid(), secret))
                .flatMap(secret -> remember(attempt, secret));
    }

    /**
     * Makes the attempt's Secret, with a token of its own.
     *
     * @param files beside those that every attempt has
     * @return empty when there is one already
     */
    Optional<AttemptRecord> create(
            AutomationRun run, AttemptKey attempt, AttemptOrder order, Map<String, String> files) {
        var token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        var secret = new SecretBuilder()
                .withMetadata(RunnerJob.metadata(run, attempt, Map.of()))
                .withType("Opaque")
                .withImmutable(true)
                .withStringData(files)
                .addToStringData(
                        RunnerJob.TOKEN_FILE,
                        Base64.getUrlEncoder().withoutPadding().encodeToString(token))
                .addToStringData(RunnerJob.ATTEMPT_FILE, write(order))
                .build();
        try {
            return remember(attempt, kubernetes.resource(secret).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return Optional.empty();
            }
            // The server's own words may quote the object.
            throw new IllegalStateException("the API server did not take the Secret of an attempt (HTTP status "
                    + e.getCode() + "): a quota, an admission rule, or the operator's rights");
        }
    }

    /** When the attempt's Secret was made; empty when there is none. */
    Optional<Instant> made(AttemptKey attempt) {
        return Optional.ofNullable(kubernetes
                        .secrets()
                        .inNamespace(attempt.namespace())
                        .withName(attempt.objectName())
                        .get())
                .map(secret -> Instant.parse(secret.getMetadata().getCreationTimestamp()));
    }

    /** @return empty for one that is not as this operator writes it: it is no proof of anything, and no reason to stop */
    private Optional<AttemptRecord> remember(AttemptKey attempt, Secret secret) {
        try {
            var order = json.readValue(text(secret, RunnerJob.ATTEMPT_FILE), AttemptOrder.class);
            var read = new AttemptRecord(
                    text(secret, RunnerJob.TOKEN_FILE),
                    order,
                    Set.copyOf(order.hosts()),
                    firstContacts(json.readTree(text(secret, RunnerJob.ORDER_FILE))));
            known.put(attempt, read);
            return Optional.of(read);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Set<String> firstContacts(JsonNode order) {
        return StreamSupport.stream(order.path("hosts").spliterator(), false)
                .filter(host -> !host.has("hostKey"))
                .map(host -> KnownHostLine.host(
                        host.path("address").asText(), host.path("port").asInt()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private String write(AttemptOrder order) {
        try {
            return json.writeValueAsString(order);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an order that was just made cannot be written", e);
        }
    }

    private static String text(Secret secret, String key) {
        return SecretData.text(secret.getData(), key);
    }

    private static final class Remembered extends LinkedHashMap<AttemptKey, AttemptRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AttemptKey, AttemptRecord> eldest) {
            return size() > REMEMBERED;
        }
    }
}
