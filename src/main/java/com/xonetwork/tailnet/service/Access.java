package com.xonetwork.tailnet.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: asks the API server who they are and what they may do, believes its answers for a short while, and keeps
 * each caller within a rate. A token is never kept, only its fingerprint.
 */
public final class Access {

    private static final String BEARER = "Bearer ";
    /** Bounds the memory that strangers can fill. */
    private static final int MOST_REMEMBERED = 10_000;
    /** A bucket that was not used for so long is full again. */
    private static final Duration BUCKET_UNUSED = Duration.ofMinutes(1);

    private final Reviews reviews;
    private final Settings settings;
    private final Cache<String, Optional<Caller>> callers;
    private final Cache<Question, Boolean> answers;
    private final Cache<String, Bucket> requests = buckets();
    private final Cache<String, Bucket> newTokens = buckets();
    private final Cache<String, Bucket> strangers = buckets();

    /**
     * @param requestsPerSecond of one caller
     * @param newTokensPerSecond from one address: each costs the API server a TokenReview
     * @param kept how long an answer of the API server is believed, good or bad
     */
    public record Settings(int requestsPerSecond, int newTokensPerSecond, Duration kept) {}

    private record Question(Caller caller, RunAction action) {}

    public Access(Reviews reviews, Settings settings) {
        this.reviews = reviews;
        this.settings = settings;
        this.callers = answers(settings);
        this.answers = answers(settings);
    }

    private static <K, V> Cache<K, V> answers(Settings settings) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(settings.kept())
                .build();
    }

    private static Cache<String, Bucket> buckets() {
        return Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterAccess(BUCKET_UNUSED)
                .build();
    }

    /**
     * Who calls; counts as one request of theirs.
     *
     * @param authorization the request's header
     * @param address that it came from
     * @throws io.quarkiverse.resteasy.problem.HttpProblem 401 or 429
     */
    Caller admit(@Nullable String authorization, String address) {
        var caller = who(authorization, address);
        take(requests, caller.name(), settings.requestsPerSecond(), "requests of " + caller.name());
        return caller;
    }

    /** Who has this token; does not count. */
    Caller who(@Nullable String authorization, String address) {
        var token = bearer(authorization)
                .orElseThrow(() -> Problems.unauthorized(
                        "send a Kubernetes token, for example of kubectl create token: Authorization: Bearer TOKEN"));
        var fingerprint = DigestUtils.sha256Hex(token);
        var known = callers.getIfPresent(fingerprint);
        if (known == null) {
            take(newTokens, address, settings.newTokensPerSecond(), "tokens that were not seen before from " + address);
            known = token.isEmpty() ? Optional.empty() : reviews.who(token);
            callers.put(fingerprint, known);
        }
        return known.orElseThrow(
                () -> Problems.unauthorized("the API server does not accept this token: it may have expired"));
    }

    /** The token of an Authorization header; empty where there is none. */
    static Optional<String> bearer(@Nullable String authorization) {
        return authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.empty()
                : Optional.of(authorization.substring(BEARER.length()).strip());
    }

    /**
     * Keeps callers that are nobody for the API server within a rate.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem 429
     */
    void admitStranger(String address) {
        take(strangers, address, settings.newTokensPerSecond(), "requests from " + address);
    }

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem 403 */
    void require(Caller caller, RunAction action) {
        if (!answers.get(new Question(caller, action), this::ask)) {
            throw Problems.forbidden(caller.name() + " may not " + action + ": kubectl auth can-i says the same");
        }
    }

    private boolean ask(Question question) {
        return reviews.may(question.caller(), question.action());
    }

    private static void take(Cache<String, Bucket> buckets, String key, int perSecond, String what) {
        var probe = buckets.get(key, _ -> bucket(perSecond)).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw Problems.tooMany(
                    "more than " + perSecond + " " + what + " in a second",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private static Bucket bucket(int perSecond) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
