package com.xonetwork.tailnet.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: asks the API server who they are and what they may do, believes its answers for a short while, and keeps
 * each caller within a rate. A token is never kept, only its fingerprint.
 */
public final class Access {

    private static final String BEARER = "Bearer ";
    private static final Pattern JWT =
            Pattern.compile("[A-Za-z0-9_-]{10,}+\\.[A-Za-z0-9_-]{10,}+\\.[A-Za-z0-9_-]{10,}+");
    /** Bounds the memory that strangers can fill. */
    private static final int MOST_REMEMBERED = 10_000;
    /** How long a token is known that was accepted. */
    private static final Duration KNOWN = Duration.ofHours(1);
    /** A bucket that was not used for so long is full again. */
    private static final Duration BUCKET_UNUSED = Duration.ofMinutes(1);

    private final Reviews reviews;
    private final Settings settings;
    private final Cache<String, Caller> callers;
    /** Fingerprints that the API server refused; apart, so that strangers push nobody out. */
    private final Cache<String, Boolean> refused;
    /** Fingerprints that it accepted before: asking about them again is not what strangers do. */
    private final Cache<String, Boolean> accepted = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterAccess(KNOWN)
            .build();

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
        this.refused = answers(settings);
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
                .orElseThrow(() -> ApiProblems.unauthorized(
                        "send a Kubernetes token, for example of kubectl create token: Authorization: Bearer TOKEN"));
        var fingerprint = DigestUtils.sha256Hex(token);
        var known = callers.getIfPresent(fingerprint);
        if (known != null) {
            return known;
        }
        if (token.isEmpty() || refused.getIfPresent(fingerprint) != null) {
            throw notAccepted();
        }
        if (accepted.getIfPresent(fingerprint) == null) {
            // Garbage has a bucket of its own, so that it keeps nobody out who shares its address.
            var kind = isJwt(token) ? " " : " not a JWT ";
            take(
                    newTokens,
                    kind + address,
                    settings.newTokensPerSecond(),
                    "tokens that were not seen before from " + address);
        }
        return ask(token, fingerprint);
    }

    /**
     * Whether a standby keeps a request from the leader. To the leader all that a standby hands on has the standby's address: tokens of
     * strangers would take from the rate of those who have good ones. So a standby hands on only what it knows the caller of. The
     * leader asks for itself what the caller may do.
     *
     * @return the HTTP status to answer; empty when the request may be handed on
     */
    public OptionalInt refusal(@Nullable String authorization, String address) {
        try {
            who(authorization, address);
            return OptionalInt.empty();
        } catch (HttpProblem e) {
            return OptionalInt.of(e.getStatusCode());
        }
    }

    private Caller ask(String token, String fingerprint) {
        var answer = reviews.who(token);
        if (answer.isEmpty()) {
            accepted.invalidate(fingerprint);
            refused.put(fingerprint, true);
            throw notAccepted();
        }
        accepted.put(fingerprint, true);
        callers.put(fingerprint, answer.get());
        return answer.get();
    }

    private static HttpProblem notAccepted() {
        return ApiProblems.unauthorized("the API server does not accept this token: it may have expired");
    }

    /** Whether it has the form of a ServiceAccount's or an OIDC provider's token; whose it is only the API server knows. */
    private static boolean isJwt(String token) {
        if (!JWT.matcher(token).matches()) {
            return false;
        }
        try {
            var claims = Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1, token.lastIndexOf('.')));
            var text = new String(claims, StandardCharsets.UTF_8);
            return text.startsWith("{") && text.contains("\"iss\"") && text.contains("\"exp\"");
        } catch (IllegalArgumentException e) {
            return false;
        }
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
        var question = new Question(caller, action);
        // Not inside the cache: that would hold up all whose answers are kept beside this one.
        var allowed = answers.getIfPresent(question);
        if (allowed == null) {
            allowed = reviews.may(caller, action);
            answers.put(question, allowed);
        }
        if (!allowed) {
            throw ApiProblems.forbidden(caller.name() + " may not " + action + ": kubectl auth can-i says the same");
        }
    }

    private static void take(Cache<String, Bucket> buckets, String key, int perSecond, String what) {
        var probe = buckets.get(key, _ -> bucket(perSecond)).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw ApiProblems.tooMany(
                    "more than " + perSecond + " " + what + " in a second",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private static Bucket bucket(int perSecond) {
        // By a clock that nobody sets: when the machine's is set back, a bucket would stay empty for as long.
        return Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
