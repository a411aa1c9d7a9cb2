package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.CREATE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.WRITE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Manner;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, how often, and what waiting costs whom. */
class HttpConnectionRetryTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection test = new TestConnection();

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void repeatableOperationsAreTriedAgain(int status) {
        stub.answers(Reply.of(status, ""), Reply.of(status, ""), Reply.json("{}"));
        try (var connection = test.open(stub)) {
            assertThat(connection.send(call(WRITE)).status()).isEqualTo(200);
        }
        assertThat(stub.received()).hasSize(3);
        // Too many calls are everybody's concern: there the budget is closed, elsewhere only this call pauses.
        assertThat(status == 429 ? test.throttled : test.pacer.pauses())
                .hasSize(2)
                .allMatch(pause -> pause.compareTo(Duration.ofMillis(500)) <= 0);
        assertThat(test.observed).containsExactly("writeThing " + status, "writeThing " + status, "writeThing 200");
    }

    @Test
    void attemptsEnd() {
        stub.answers(Reply.of(502, ""));
        try (var connection = test.open(stub)) {
            assertThatThrownBy(() -> connection.send(call(READ))).isInstanceOf(ControlPlaneException.Unavailable.class);
        }
        assertThat(stub.received()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 412, 500, 501})
    void whatWouldBeRefusedAgainIsNotRepeated(int status) {
        stub.answers(Reply.json(status, "{\"message\":\"no\"}"));
        try (var connection = test.open(stub)) {
            assertThatThrownBy(() -> connection.send(call(READ))).isInstanceOf(ControlPlaneException.class);
        }
        assertThat(stub.received()).hasSize(1);
    }

    @Test
    void creationIsNeverRepeated() {
        for (var reply : List.of(
                Reply.of(429, ""),
                Reply.of(502, ""),
                Reply.of(503, "").with("Retry-After", "1"),
                Reply.of(504, ""),
                Reply.json("{").sent(Manner.CUT),
                Reply.json("{}").sent(Manner.DROP))) {
            stub.forget();
            stub.answers(reply);
            try (var connection = test.open(stub)) {
                assertThatThrownBy(() -> connection.send(call(CREATE))).isInstanceOf(ControlPlaneException.class);
            }
            assertThat(stub.received()).as(reply.toString()).hasSize(1);
            test.pacer.pass(Duration.ofMinutes(2));
        }
    }

    @Test
    void lostAndCutAnswersOfReadsAreTriedAgain() {
        stub.answers(Reply.json("").sent(Manner.DROP), Reply.json("{\"a\":").sent(Manner.CUT), Reply.json("{}"));
        try (var connection = test.open(stub)) {
            assertThat(connection.send(call(READ)).text()).isEqualTo("{}");
        }
        assertThat(test.observed).containsExactly("readThing 0", "readThing 200", "readThing 200");
    }

    @Test
    void shortRetryAfterIsWaitedForByEverybodyWithTheCredential() {
        stub.answers(Reply.of(429, "").with("Retry-After", "3"), Reply.json("{}"));
        var core = test.core(stub);
        try (var connection = core.open(test.settings(stub.url()), new StandardErrors());
                var other = core.open(test.settings(stub.url()), new StandardErrors())) {
            assertThatThrownBy(() -> connection.send(call(CREATE)))
                    .isInstanceOf(ControlPlaneException.RateLimited.class);
            other.send(call(READ));
        }
        assertThat(test.throttled)
                .hasSize(1)
                .first()
                .satisfies(waited -> assertThat(waited).isEqualTo(Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void longRetryAfterIsHandedToTheCallerAndClosesTheBudget(int status) {
        stub.answers(Reply.of(status, "").with("Retry-After", "40"), Reply.json("{}"));
        try (var connection = test.open(stub)) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOfSatisfying(ControlPlaneException.RateLimited.class, limited -> {
                        assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(40));
                        assertThat(limited.status()).isEqualTo(status);
                    });
            test.pacer.pass(Duration.ofSeconds(10));
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOfSatisfying(
                            ControlPlaneException.RateLimited.class,
                            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(30)));
            assertThat(stub.received()).hasSize(1);
            test.pacer.pass(Duration.ofSeconds(30));
            assertThat(connection.send(call(READ)).status()).isEqualTo(200);
        }
    }

    @Test
    void ownBudgetHoldsAcrossConnectionsAndRefusesLongWaits() {
        test.budget = new CallBudget(0.5, 2);
        stub.answers(Reply.json("{}"));
        var core = test.core(stub);
        try (var one = core.open(test.settings(stub.url()), new StandardErrors());
                var two = core.open(test.settings(stub.url()), new StandardErrors())) {
            one.send(call(READ));
            two.send(call(READ));
            one.send(call(READ));
            assertThat(test.throttled).containsExactly(Duration.ofSeconds(2));
        }
        test.budget = new CallBudget(0.1, 1);
        try (var slow = test.core(stub).open(test.settings(stub.url()), new StandardErrors())) {
            slow.send(call(READ));
            assertThatThrownBy(() -> slow.send(call(READ)))
                    .isInstanceOfSatisfying(
                            ControlPlaneException.RateLimited.class,
                            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(10)))
                    .hasMessageContaining("call budget");
        }
        assertThat(stub.received()).hasSize(4);
    }
}
