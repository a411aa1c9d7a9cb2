package com.xonetwork.tailnet.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.benmanes.caffeine.cache.Cache;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who comes in, how often, and how often the API server is asked. */
class AccessTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final String HERE = "192.0.2.1";

    private String gone = "";
    private String known = "";
    private CountDownLatch slow = new CountDownLatch(0);
    private final AtomicInteger tokenReviews = new AtomicInteger();
    private final AtomicInteger accessReviews = new AtomicInteger();

    private final Reviews reviews = new Reviews() {
        @Override
        public Optional<Caller> who(String token) {
            tokenReviews.incrementAndGet();
            if (token.equals("trouble")) {
                throw new KubernetesClientException("the API server does not answer");
            }
            if (token.equals(known)) {
                return Optional.of(caller("jwt"));
            }
            return token.startsWith("good-") && !token.equals(gone)
                    ? Optional.of(caller(token.substring(5)))
                    : Optional.empty();
        }

        @Override
        public boolean may(Caller caller, RunAction action) {
            accessReviews.incrementAndGet();
            if (caller.name().equals("slow")) {
                try {
                    return slow.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return caller.name().equals("ann") && action.verb().equals("get");
        }
    };

    private static Caller caller(String name) {
        return new Caller(name, "", List.of(), Map.of());
    }

    private Access access(int requests, int newTokens, Duration kept) {
        return new Access(reviews, new Access.Settings(requests, newTokens, kept));
    }

    private static HttpProblem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(HttpProblem.class, call);
    }

    @Test
    void onlyTooManyPasses() {
        var access = access(1, 1_000, LONG);
        access.admit("Bearer good-bob", HERE);
        assertThat(ApiProblems.passes(problem(() -> access.admit("Bearer good-bob", HERE))))
                .isTrue();
        assertThat(ApiProblems.passes(problem(() -> access.admit("Bearer bad", HERE))))
                .isFalse();
        assertThat(ApiProblems.passes(problem(() -> access.require(caller("bob"), RunAction.create("infra")))))
                .isFalse();
    }

    /** To the leader all of them would have the standby's address. */
    @Test
    void aStandbyHandsOnOnlyWhatItKnowsTheCallerOf() {
        var access = access(1, 2, LONG);
        assertThat(access.refusal("Bearer good-ann", HERE)).isEmpty();
        assertThat(access.refusal("Bearer good-ann", HERE))
                .as("it does not count")
                .isEmpty();
        assertThat(access.refusal("Bearer bad", HERE)).hasValue(401);
        assertThat(access.refusal(null, HERE)).hasValue(401);
        for (var i = 0; i < 10; i++) {
            access.refusal("Bearer bad-" + i, HERE);
        }
        assertThat(access.refusal("Bearer bad-11", HERE)).hasValue(429);
        assertThat(access.refusal("Bearer good-ann", HERE)).as("who is known").isEmpty();
        assertThat(access.refusal("Bearer good-bob", "192.0.2.2"))
                .as("another address")
                .isEmpty();
    }

    @Test
    void anAnswerIsBelievedForAWhile() {
        var access = access(1_000, 1_000, LONG);
        for (var i = 0; i < 50; i++) {
            assertThat(access.admit("Bearer good-ann", HERE).name()).isEqualTo("ann");
            assertThat(access.admit("bearer good-bob", HERE).name()).isEqualTo("bob");
            assertThat(problem(() -> access.admit("Bearer bad", HERE)).getStatusCode())
                    .isEqualTo(401);
        }
        assertThat(tokenReviews).hasValue(3);

        var action = RunAction.get(new RunId("infra", "one"));
        for (var i = 0; i < 50; i++) {
            access.require(caller("ann"), action);
            assertThat(problem(() -> access.require(caller("bob"), action)).getStatusCode())
                    .isEqualTo(403);
        }
        assertThat(accessReviews).hasValue(2);
        access.require(caller("ann"), RunAction.get(new RunId("infra", "two")));
        assertThat(accessReviews).hasValue(3);
    }

    @Test
    void anAnswerIsAskedForAgainAfterwards() {
        var access = access(1_000, 1_000, Duration.ZERO);
        access.admit("Bearer good-ann", HERE);
        access.admit("Bearer good-ann", HERE);
        assertThat(tokenReviews).hasValue(2);
    }

    @Test
    void noCredentialsAreNoReasonToAsk() {
        var access = access(1_000, 1_000, LONG);
        for (var header :
                new String[] {null, "", "Bearer", "Basic Z29vZC1hbm4=", "good-ann", "Bearer ", "Bearer    "}) {
            var problem = problem(() -> access.admit(header, HERE));
            assertThat(problem.getStatusCode()).as(header).isEqualTo(401);
            assertThat(problem.getHeaders()).containsEntry("WWW-Authenticate", "Bearer");
        }
        assertThat(tokenReviews).hasValue(0);
    }

    @Test
    void eachCallerHasARateOfTheirOwn() {
        var access = access(5, 1_000, LONG);
        for (var i = 0; i < 5; i++) {
            access.admit("Bearer good-ann", HERE);
        }
        var problem = problem(() -> access.admit("Bearer good-ann", HERE));
        assertThat(problem.getStatusCode()).isEqualTo(429);
        assertThat(Long.parseLong(String.valueOf(problem.getHeaders().get("Retry-After"))))
                .isPositive();
        assertThat(access.admit("Bearer good-bob", HERE).name()).isEqualTo("bob");
    }

    @Test
    void strangersDoNotMakeTheApiServerWork() {
        var access = access(1_000, 5, LONG);
        access.admit("Bearer good-ann", HERE);
        for (var i = 0; i < 200; i++) {
            var token = "Bearer guess-" + i;
            assertThat(problem(() -> access.admit(token, HERE)).getStatusCode()).isIn(401, 429);
        }
        assertThat(tokenReviews.get()).isLessThan(20);
        // Who is known comes in, even from there; and from elsewhere anybody.
        assertThat(access.admit("Bearer good-ann", HERE).name()).isEqualTo("ann");
        assertThat(access.admit("Bearer good-bob", "192.0.2.2").name()).isEqualTo("bob");
    }

    /** Behind a gateway everybody has one address. */
    @Test
    void whoIsKnownIsRenewedBesideStrangersOfTheSameAddress() {
        var access = access(1_000, 5, Duration.ZERO);
        access.admit("Bearer good-ann", HERE);
        for (var i = 0; i < 200; i++) {
            var token = "Bearer " + jwt("guess-" + i);
            assertThat(problem(() -> access.admit(token, HERE)).getStatusCode()).isIn(401, 429);
            assertThat(access.admit("Bearer good-ann", HERE).name()).isEqualTo("ann");
        }
    }

    @Test
    void whoseTokenIsRefusedIsKnownNoMore() {
        var access = access(1_000, 1, Duration.ZERO);
        access.admit("Bearer good-ann", HERE);
        gone = "good-ann";
        assertThat(problem(() -> access.admit("Bearer good-ann", HERE)).getStatusCode())
                .isEqualTo(401);
        assertThat(problem(() -> access.admit("Bearer good-ann", HERE)).getStatusCode())
                .isEqualTo(429);
    }

    @Test
    void garbageKeepsNoNewTokenOut() {
        var access = access(1_000, 5, LONG);
        for (var i = 0; i < 200; i++) {
            var token = "Bearer guess-" + i;
            assertThat(problem(() -> access.admit(token, HERE)).getStatusCode()).isIn(401, 429);
        }
        known = jwt("bob");
        assertThat(access.admit("Bearer " + known, HERE).name()).isEqualTo("jwt");
    }

    @Test
    void refusedTokensPushNobodyOut() {
        var access = access(1_000, 1_000_000, LONG);
        access.admit("Bearer good-ann", HERE);
        for (var i = 0; i < 30_000; i++) {
            var token = "Bearer guess-" + i;
            problem(() -> access.admit(token, HERE));
        }
        var before = tokenReviews.get();
        access.admit("Bearer good-ann", HERE);
        assertThat(tokenReviews).hasValue(before);
    }

    /** Others get their answers while the API server thinks about one. */
    @Test
    void oneQuestionHoldsUpNoOther() throws Exception {
        var access = access(1_000, 1_000, LONG);
        slow = new CountDownLatch(1);
        var waiting = new Thread(() -> access.require(caller("slow"), RunAction.create("infra")));
        waiting.start();
        for (var i = 0; i < 2_000; i++) {
            access.require(caller("ann"), RunAction.get(new RunId("infra", "run-" + i)));
        }
        assertThat(waiting.isAlive()).isTrue();
        slow.countDown();
        waiting.join();
    }

    /** A heap dump or a debugger shows no token: what is kept are fingerprints. */
    @Test
    void onlyTheFingerprintOfATokenIsKept() throws Exception {
        var access = access(1_000, 1_000, LONG);
        access.admit("Bearer good-ann", HERE);
        problem(() -> access.admit("Bearer bad", HERE));
        for (var field : Access.class.getDeclaredFields()) {
            if (Cache.class.isAssignableFrom(field.getType())) {
                field.setAccessible(true);
                var kept = ((Cache<?, ?>) field.get(access)).asMap().keySet().toString();
                assertThat(kept)
                        .as(field.getName())
                        .doesNotContain("good-ann")
                        .doesNotContain("bad,")
                        .doesNotContain("[bad]");
            }
        }
    }

    private static String jwt(String subject) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "."
                + encoder.encodeToString(
                        ("{\"iss\":\"https://issuer\",\"exp\":1,\"sub\":\"" + subject + "\"}").getBytes(UTF_8))
                + "." + encoder.encodeToString("a signature".getBytes(UTF_8));
    }

    @Test
    void thatTheApiServerFailsIsNotKept() {
        var access = access(1_000, 1_000, LONG);
        for (var i = 0; i < 2; i++) {
            assertThatThrownBy(() -> access.admit("Bearer trouble", HERE))
                    .isInstanceOf(KubernetesClientException.class);
        }
        assertThat(tokenReviews).hasValue(2);
    }

    @Test
    void aProblemNeverHoldsTheToken() {
        var access = access(1_000, 1_000, LONG);
        var problem = problem(() -> access.admit("Bearer s3cr3t-token", HERE));
        assertThat(problem.toString() + problem.getDetail() + problem.getMessage())
                .doesNotContain("s3cr3t");
    }
}
