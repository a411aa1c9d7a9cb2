package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.CREATE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Manner;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error answer becomes, whatever its body. */
class HttpConnectionErrorsTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection test = new TestConnection();

    private ControlPlaneException problem(Operation operation, Reply reply) {
        stub.answers(reply);
        try (var connection = test.open(stub)) {
            return catchThrowableOfType(ControlPlaneException.class, () -> connection.send(call(operation)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, Rejected",
        "401, Unauthorized",
        "402, Forbidden",
        "403, Forbidden",
        "404, NotFound",
        "405, Unavailable",
        "409, Conflict",
        "412, Conflict",
        "418, Unavailable",
        "422, Rejected",
        "429, RateLimited",
        "500, Unavailable",
        "501, Unavailable",
        "502, Unavailable",
        "503, Unavailable",
        "504, Unavailable",
    })
    void statusAndMessageOfTheServiceAreKept(int status, String kind) {
        var problem = problem(
                CREATE,
                Reply.json(status, "{\"message\":\"no manageable thing\"}")
                        .with("x-tailscale-request-id", "REQ-20261124\u00e9<abc>"));

        assertThat(problem.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem).hasMessage("createThing: no manageable thing (HTTP " + status + ")");
        assertThat(problem.requestId().orElseThrow()).startsWith("REQ-20261124").doesNotContain("<");
        assertThat(problem.toString())
                .endsWith("[request " + problem.requestId().orElseThrow() + "]");
        assertThat(stub.received()).hasSize(1);
        assertThat(test.observed).containsExactly("createThing " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "400, Rejected",
        "401, Unauthorized",
        "403, Forbidden",
        "412, Conflict",
        "429, RateLimited",
        "500, Unavailable"
    })
    void statusSurvivesAnyBody(int status, String kind) {
        for (var reply : new Reply[] {
            Reply.html(status),
            Reply.of(status, ""),
            Reply.json(status, "{\"message\":\"cut he"),
            Reply.json(status, "{\"message\":\"cut he").sent(Manner.CUT),
            Reply.json(status, "").sent(Manner.ENDLESS),
        }) {
            var problem = problem(CREATE, reply);
            assertThat(problem.getClass().getSimpleName()).as(reply.toString()).isEqualTo(kind);
            assertThat(problem.status()).isEqualTo(status);
            assertThat(problem).hasMessageNotContaining("<").hasMessageNotContaining("portal");
        }
    }

    @Test
    void onlyTheApiItselfCanSayThatAThingIsNotThere() {
        for (var reply : new Reply[] {
            Reply.html(404),
            Reply.of(404, ""),
            Reply.of(404, "404 page not found"),
            Reply.json(404, "{\"message\":\"404 page not found\"}"),
            Reply.json(404, "{\"code\":5,\"message\":\"Not Found\",\"details\":[]}"),
            Reply.json(404, "{\"message\":\"no manageable device ma"),
        }) {
            assertThat(problem(CREATE, reply))
                    .as(reply.toString())
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessageContaining("is this the address of the API?");
        }
    }

    @Test
    void forbiddenNamesTheScope() {
        var problem =
                problem(CREATE, Reply.json(403, "{\"message\":\"calling actor does not have enough permissions\"}"));

        assertThat(problem)
                .isInstanceOfSatisfying(
                        ControlPlaneException.Forbidden.class,
                        forbidden -> assertThat(forbidden.scope()).contains("things"));
    }

    @ParameterizedTest
    @CsvSource({"402, payment required", "403, feature not available on current billing plan"})
    void aPlansLimitIsNoMissingScope(int status, String words) {
        var problem = problem(CREATE, Reply.json(status, "{\"message\":\"" + words + "\"}"));

        assertThat(problem).isInstanceOfSatisfying(ControlPlaneException.Forbidden.class, forbidden -> {
            assertThat(forbidden.isByPlan()).isTrue();
            assertThat(forbidden.scope()).isEmpty();
        });
    }

    @Test
    void wordsOfEveryKindOfErrorBodyAreFound() {
        var bodies = Map.of(
                "{\"error\":\"invalid_client\",\"error_description\":\"bad secret\"}", "createThing: bad secret (",
                "{\"error\":\"invalid_client\"}", "createThing: invalid_client (",
                "{\"title\":\"Bad Request\",\"detail\":\"field x\"}", "createThing: field x (",
                "  plain words\r\nforged\u0007 line\u202e  ", "createThing: plain words forged line (",
                "{\"message\":\"test(s) failed\",\"data\":[{\"user\":\"u@x\",\"errors\":[\"a\",\"b\"]},{\"errors\":[\"c\"]}]}",
                        "createThing: test(s) failed: u@x: a; u@x: b; c (",
                "{\"nothing\":\"known\"}", "createThing: the service refused without a reason (");
        bodies.forEach((body, message) ->
                assertThat(problem(CREATE, Reply.of(400, body))).hasMessageStartingWith(message));
    }

    @Test
    void longTextIsShortened() {
        assertThat(problem(CREATE, Reply.of(400, "w".repeat(5000))).getMessage())
                .hasSizeLessThan(260);
        assertThat(problem(CREATE, Reply.json(400, "{\"message\":\"" + "w".repeat(5000) + "\"}"))
                        .getMessage())
                .hasSizeLessThan(1060);
    }

    @Test
    void rateLimitTellsHowLongToWait() {
        assertThat(waitAfter(
                        Reply.json(429, "{\"message\":\"too many requests\"}").with("Retry-After", "17")))
                .isEqualTo(Duration.ofSeconds(17));
        assertThat(waitAfter(Reply.of(429, "").with("Retry-After", "Tue, 24 Nov 2026 10:00:21 GMT")))
                .isEqualTo(Duration.ofSeconds(21));
        // By a clock that is ten minutes behind ours, and by one that is ahead.
        assertThat(waitAfter(Reply.of(429, "")
                        .with("Date", "Tue, 24 Nov 2026 09:50:00 GMT")
                        .with("Retry-After", "Tue, 24 Nov 2026 09:50:21 GMT")))
                .isEqualTo(Duration.ofSeconds(21));
        assertThat(waitAfter(Reply.of(429, "")
                        .with("Date", "Tue, 24 Nov 2026 10:10:00 GMT")
                        .with("Retry-After", "Tue, 24 Nov 2026 10:10:02 GMT")))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(waitAfter(Reply.html(429))).isEqualTo(Duration.ofSeconds(5));
    }

    private Duration waitAfter(Reply reply) {
        var problem = problem(CREATE, reply);
        assertThat(problem).isInstanceOf(ControlPlaneException.RateLimited.class);
        return ((ControlPlaneException.RateLimited) problem).retryAfter();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 304})
    void redirectIsNotFollowedAndItsTargetNamed(int status) {
        var problem = problem(READ, Reply.of(status, "").with("Location", "https://evil.example:8443/thing?x=secret"));

        assertThat(problem)
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("host evil.example")
                .hasMessageNotContaining("secret");
        assertThat(problem.status()).isEqualTo(status);
        assertThat(stub.received()).hasSize(1);
    }

    @Test
    void goodStatusWithABadBodyIsUnavailable() {
        record Thing(String name) {}
        for (var reply : new Reply[] {
            Reply.html(200),
            Reply.json(""),
            Reply.json("null"),
            Reply.json("[]"),
            Reply.json("{\"name\":\"x\""),
            Reply.json("{\"name\":\"x\"} {\"name\":\"y\"}"),
            Reply.json("{\"name\":\"tskey-auth-abc"),
        }) {
            stub.answers(reply);
            try (var connection = test.open(stub)) {
                var problem = catchThrowableOfType(
                        ControlPlaneException.Unavailable.class,
                        () -> connection.wire().read(connection.send(call(READ)), Thing.class));
                assertThat(problem.status()).as(reply.toString()).isEqualTo(200);
                assertThat(problem).hasNoCause().hasMessageNotContaining("tskey");
            }
        }
    }

    @Test
    void acceptedStatusComesBackAsAnAnswer() {
        stub.answers(Reply.json(400, "{\"message\":\"findings\"}"));
        try (var connection = test.open(stub)) {
            assertThat(connection.send(call(READ).accepting(400)).status()).isEqualTo(400);
        }
    }
}
