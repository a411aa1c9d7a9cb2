package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.kube.SecretData;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunTokens;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The Secrets of attempts: the order for the runner, its token, which machines the attempt is for, and the copy of its source.
 * Made once and never changed, owned by the run, read by name, and deleted when the run's record is complete.
 */
@Singleton
public final class AttemptSecretEffects implements RunTokens {

    /** Of orders that are kept in memory. One of 2,000 machines has some 200 KiB. */
    private static final long BYTES_REMEMBERED = 16L * 1024 * 1024;

    private static final int TOKEN_BYTES = 32;
    /** What the API server takes in one Secret. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final KubernetesClient kubernetes;
    private final ObjectMapper json = new ObjectMapper();
    private final SecureRandom random = new SecureRandom();
    private final Cache<AttemptKey, AttemptRecord> known = Caffeine.newBuilder()
            .maximumWeight(BYTES_REMEMBERED)
            .<AttemptKey, AttemptRecord>weigher((key, record) -> record.bytes())
            .build();

    /**
     * What an attempt's Secret holds.
     *
     * @param hosts names of the order's machines
     * @param firstContacts hosts of the attempt without a host key of their own, as {@link KnownHostLine#host} writes them
     * @param inputsHash of what the attempt was started with; empty when it does not say
     * @param bytes of the texts that this was read from
     */
    record AttemptRecord(
            String token,
            AttemptOrder order,
            Set<String> hosts,
            Set<String> firstContacts,
            String inputsHash,
            int bytes) {}

    /** @param isSame it holds what the attempt would be started with now, but for its token, and cannot be changed */
    record Made(Instant at, boolean isSame) {}

    public AttemptSecretEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Each attempt that goes on is known here: it was made by this process, or looked at since its start. One whose record is
     * complete is not known any more.
     */
    @Override
    public Optional<Attempt> of(AttemptKey attempt) {
        return Optional.ofNullable(known.getIfPresent(attempt)).map(found -> new Attempt(found.token(), found.hosts()));
    }

    Optional<AttemptRecord> find(AttemptKey attempt) {
        var remembered = known.getIfPresent(attempt);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        return own(attempt, attempt.objectName()).flatMap(secret -> remember(attempt, secret));
    }

    /** Anybody who may make Secrets could make one of this name. The operator may not delete one that is not its own. */
    private static boolean isOf(AttemptKey attempt, Secret secret) {
        return Ownership.isMadeFor(attempt.runUid(), secret);
    }

    private static String inputsHash(Secret secret) {
        var annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(RunnerJob.INPUTS_ANNOTATION, "");
    }

    private Optional<Secret> own(AttemptKey attempt, String name) {
        return get(attempt.namespace(), name).filter(secret -> isOf(attempt, secret));
    }

    private Optional<Secret> get(String namespace, String name) {
        return Optional.ofNullable(
                kubernetes.secrets().inNamespace(namespace).withName(name).get());
    }

    /**
     * Makes the attempt's Secret, with a token of its own.
     *
     * @param files beside those that every attempt has
     * @param inputsHash of what the files say
     * @return empty when there is one already
     * @throws StartRefused when the API server does not take it, or it is too large for one
     */
    Optional<AttemptRecord> create(
            AutomationRun run, AttemptKey attempt, AttemptOrder order, Map<String, String> files, String inputsHash) {
        var token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        var all = new LinkedHashMap<>(files);
        all.put(RunnerJob.TOKEN_FILE, Base64.getUrlEncoder().withoutPadding().encodeToString(token));
        all.put(RunnerJob.ATTEMPT_FILE, write(order));
        var bytes = all.values().stream()
                .mapToInt(text -> text.getBytes(UTF_8).length)
                .sum();
        if (bytes > MOST_BYTES) {
            throw new StartRefused(
                    Reason.RUN_TOO_LARGE,
                    "The order of this run is too large: " + bytes + " bytes. A Secret holds at most " + MOST_BYTES
                            + ". Make several runs with fewer machines each, or smaller parameters");
        }
        var secret = new SecretBuilder()
                .withMetadata(RunnerJob.metadata(run, attempt, Map.of(RunnerJob.INPUTS_ANNOTATION, inputsHash)))
                .withType("Opaque")
                .withImmutable(true)
                .withStringData(all)
                .build();
        return create(secret, attempt).flatMap(made -> remember(attempt, made));
    }

    /**
     * Makes the Secret with the attempt's copy of its source.
     *
     * @param content base64 by file name
     * @return false when there is an older copy of that name, which is deleted
     * @throws StartRefused when there is one of that name that is not the run's
     */
    boolean copySource(AutomationRun run, AttemptKey attempt, Map<String, String> content, String digest) {
        var metadata = RunnerJob.metadata(run, attempt, Map.of(RunnerJob.INPUTS_ANNOTATION, digest));
        metadata.setName(RunnerJob.sourceName(attempt));
        var secret = new SecretBuilder()
                .withMetadata(metadata)
                .withType("Opaque")
                .withImmutable(true)
                .withData(content)
                .build();
        if (create(secret, attempt).isPresent()) {
            return true;
        }
        var there = get(attempt.namespace(), RunnerJob.sourceName(attempt));
        if (there.filter(found -> !isOf(attempt, found)).isPresent()) {
            throw StartRefused.inTheWay("Secret", RunnerJob.sourceName(attempt));
        }
        var isCopy = there.filter(found -> Boolean.TRUE.equals(found.getImmutable()))
                .filter(found -> content.equals(found.getData()))
                .isPresent();
        if (!isCopy) {
            delete(attempt, RunnerJob.sourceName(attempt));
        }
        return isCopy;
    }

    /** @return empty when there is one of that name already */
    private Optional<Secret> create(Secret secret, AttemptKey attempt) {
        try {
            return Optional.of(kubernetes.resource(secret).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return Optional.empty();
            }
            if (!ServerWords.isRefusal(e.getCode())) {
                // The server's own words may quote the object.
                throw new IllegalStateException("a Secret of attempt " + attempt.attempt()
                        + " may not have been written: " + ServerWords.withoutContent(e.getCode(), e.getStatus()));
            }
            throw new StartRefused(
                    Reason.START_REFUSED,
                    "A Secret of attempt " + attempt.attempt() + " was refused, so nothing of it runs: "
                            + ServerWords.withoutContent(e.getCode(), e.getStatus()));
        }
    }

    /**
     * When the attempt's Secret was made, and whether it is what would be made now. Anybody who may make Secrets can make one that
     * names the run as its owner: what it holds is compared, not believed.
     *
     * @param files as for {@link #create(AutomationRun, AttemptKey, AttemptOrder, Map, String)}
     * @return empty when there is none of the run's
     */
    Optional<Made> made(AttemptKey attempt, AttemptOrder order, Map<String, String> files, String inputsHash) {
        return own(attempt, attempt.objectName())
                .map(secret -> new Made(
                        Instant.parse(secret.getMetadata().getCreationTimestamp()),
                        Boolean.TRUE.equals(secret.getImmutable())
                                && inputsHash.equals(inputsHash(secret))
                                && write(order).equals(text(secret, RunnerJob.ATTEMPT_FILE))
                                && files.entrySet().stream()
                                        .allMatch(file -> file.getValue().equals(text(secret, file.getKey())))));
    }

    /** The attempt takes no events from now on. */
    void end(AttemptKey attempt) {
        known.invalidate(attempt);
    }

    /** No attempt of the run takes events from now on. */
    void endAll(AutomationRun run) {
        var status = run.getStatus();
        var attempts =
                status == null || status.attempt() == null ? 0 : Math.min(status.attempt(), AttemptJobs.MOST_ATTEMPTS);
        for (var attempt = 1; attempt <= attempts; attempt++) {
            end(AttemptJobs.key(run, attempt));
        }
    }

    /** Deletes what an attempt has in Secrets. Those that are gone are no error; those of others stay. */
    void delete(AttemptKey attempt, boolean hasSource) {
        known.invalidate(attempt);
        delete(attempt, attempt.objectName());
        if (hasSource) {
            delete(attempt, RunnerJob.sourceName(attempt));
        }
    }

    private void delete(AttemptKey attempt, String name) {
        own(attempt, name)
                .ifPresent(secret -> kubernetes
                        .secrets()
                        .inNamespace(attempt.namespace())
                        .withName(name)
                        .delete());
    }

    /** @return empty for one that is not as this operator writes it: it is no proof of anything, and no reason to stop */
    private Optional<AttemptRecord> remember(AttemptKey attempt, Secret secret) {
        try {
            var text = text(secret, RunnerJob.ATTEMPT_FILE);
            var order = json.readValue(text, AttemptOrder.class);
            var read = new AttemptRecord(
                    text(secret, RunnerJob.TOKEN_FILE),
                    order,
                    Set.copyOf(order.hosts()),
                    firstContacts(json.readTree(text(secret, RunnerJob.ORDER_FILE))),
                    inputsHash(secret),
                    text.length());
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
}
