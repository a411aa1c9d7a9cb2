package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who comes in, how often, and how often the API server is asked. */
class AccessTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final String HERE = "192.0.2.1";

    private final AtomicInteger tokenReviews = new AtomicInteger();
    private final AtomicInteger accessReviews = new AtomicInteger();

    private final Reviews reviews = new Reviews() {
        @Override
        public Optional<Caller> who(String token) {
            tokenReviews.incrementAndGet();
            if (token.equals("trouble")) {
                throw new KubernetesClientException("the API server does not answer");
            }
            return token.startsWith("good-") ? Optional.of(caller(token.substring(5))) : Optional.empty();
        }

        @Override
        public boolean may(Caller caller, RunAction action) {
            accessReviews.incrementAndGet();
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
        assertThat(Problems.passes(problem(() -> access.admit("Bearer good-bob", HERE))))
                .isTrue();
        assertThat(Problems.passes(problem(() -> access.admit("Bearer bad", HERE))))
                .isFalse();
        assertThat(Problems.passes(problem(() -> access.require(caller("bob"), RunAction.create("infra")))))
                .isFalse();
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
