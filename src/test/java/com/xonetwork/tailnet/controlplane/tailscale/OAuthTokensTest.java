package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthTokensTest {

    private static final String TOKEN_PATH = "/api/v2/oauth/token";

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TailscaleFixture.TestClock clock = new TailscaleFixture.TestClock();
    private final AtomicInteger issued = new AtomicInteger();

    private TailscaleAdapter connect() {
        return TailscaleFixture.connect(stub, Settings.tailscaleOAuth(stub.url()), clock);
    }

    private Reply token(int expiresIn) {
        return Reply.json("{\"access_token\":\"tok-" + issued.incrementAndGet()
                + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn + ",\"scope\":\"all\"}");
    }

    private static boolean isToken(Received request) {
        return request.path().equals(TOKEN_PATH);
    }

    @Test
    void tokenIsFetchedWithTheClientsCredentialsAndKeptAMinuteLessThanItLives() {
        stub.behaves(request -> isToken(request) ? token(3600) : Reply.json("{\"devices\":[]}"));
        try (var plane = connect()) {
            plane.devices().list();
            clock.pass(Duration.ofSeconds(3539));
            plane.devices().list();
            assertThat(stub.count(TOKEN_PATH)).isEqualTo(1);
            clock.pass(Duration.ofSeconds(1));
            plane.devices().list();
            assertThat(stub.count(TOKEN_PATH)).isEqualTo(2);
        }
        var first = stub.received().getFirst();
        assertThat(first.line()).isEqualTo("POST " + TOKEN_PATH);
        assertThat(first.body())
                .isEqualTo("client_id=kABC&client_secret=" + Settings.CLIENT_SECRET + "&grant_type=client_credentials");
        assertThat(first.headers())
                .containsEntry("content-type", "application/x-www-form-urlencoded")
                .doesNotContainKey("authorization");
        assertThat(stub.received().get(1).headers()).containsEntry("authorization", "Bearer tok-1");
        assertThat(stub.last().headers()).containsEntry("authorization", "Bearer tok-2");
    }

    @Test
    void twentyThreadsFetchOneToken() throws Exception {
        stub.behaves(request ->
                isToken(request) ? token(3600).after(Duration.ofMillis(150)) : Reply.json("{\"devices\":[]}"));
        try (var plane = connect()) {
            inTwentyThreads(plane).forEach(done -> assertThat(done).succeedsWithin(Duration.ofSeconds(5)));
        }
        assertThat(stub.count(TOKEN_PATH)).isEqualTo(1);
        assertThat(stub.received()).hasSize(21);
    }

    @Test
    void twentyThreadsShareOneFailure() throws Exception {
        stub.behaves(request ->
                // So long that each of them has asked by then.
                Reply.json(401, "{\"message\":\"API token invalid\"}").after(Duration.ofSeconds(2)));
        try (var plane = connect()) {
            inTwentyThreads(plane)
                    .forEach(done -> assertThat(done)
                            .failsWithin(Duration.ofSeconds(5))
                            .withThrowableThat()
                            .withCauseInstanceOf(ControlPlaneException.Unauthorized.class));
            assertThat(stub.received()).hasSize(1);
            // The failure is not kept: corrected outside, it works.
            stub.behaves(request -> isToken(request) ? token(3600) : Reply.json("{\"devices\":[]}"));
            assertThat(plane.devices().list()).isEmpty();
        }
    }

    private static Iterable<Future<?>> inTwentyThreads(TailscaleAdapter plane) throws InterruptedException {
        var together = new CountDownLatch(20);
        var done = new ArrayList<Future<?>>();
        try (var threads = Executors.newFixedThreadPool(20)) {
            for (int thread = 0; thread < 20; thread++) {
                done.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return plane.devices().list();
                }));
            }
        }
        return done;
    }

    @Test
    void tokenThatIsRefusedEarlyIsReplacedOnceAlsoForACreation() {
        stub.behaves(request -> {
            if (isToken(request)) {
                return token(3600);
            }
            return request.headers().get("authorization").equals("Bearer tok-1")
                    ? Reply.json(401, "{\"message\":\"API token invalid\"}")
                    : Reply.json("{\"id\":\"k1\",\"key\":\"tskey-auth-x\"}");
        });
        try (var plane = connect()) {
            var request = new JoinKeyRequest("web", new TreeSet<>(), Duration.ofHours(1));
            assertThat(plane.require(JoinKeys.class).create(request).id()).isEqualTo("k1");
        }
        assertThat(stub.received()).hasSize(4);
    }

    @Test
    void secondRefusalIsFinal() {
        stub.behaves(
                request -> isToken(request) ? token(3600) : Reply.json(401, "{\"message\":\"API token invalid\"}"));
        try (var plane = connect()) {
            assertThatThrownBy(() -> plane.devices().list()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        }
        assertThat(stub.received()).hasSize(4);
    }

    @Test
    void apiKeyIsNotTriedTwice() {
        stub.answers(Reply.json(401, "{\"message\":\"API token invalid\"}"));
        try (var plane = TailscaleFixture.withApiKey(stub)) {
            assertThatThrownBy(() -> plane.devices().list()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        }
        assertThat(stub.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"error\":\"invalid_client\",\"error_description\":\"unknown client\"}|Unauthorized|unknown client",
                "401|{\"error\":\"invalid_client\"}|Unauthorized|invalid_client",
                "400|{\"error\":\"invalid_scope\",\"error_description\":\"no\"}|Forbidden|no",
                "403|{\"message\":\"actor cannot set scopes: [all]\"}|Forbidden|actor cannot set scopes: [all]",
                "400|{\"error\":\"invalid_request\"}|Rejected|invalid_request",
                "200|{\"token_type\":\"Bearer\"}|Unavailable|it holds no access token",
                "200|<html>|Unavailable|a web page came instead of JSON",
                "500|<html>|Unavailable|a web page came instead of an API answer",
            })
    void refusalsOfTheTokenEndpointAreTold(int status, String body, String kind, String words) {
        stub.answers(Reply.of(status, body));
        try (var plane = connect()) {
            var problem = catchThrowableOfType(
                    ControlPlaneException.class, () -> plane.devices().list());
            assertThat(problem.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(problem).hasMessageStartingWith("createOAuthToken: ").hasMessageContaining(words);
            assertThat(problem.toString() + plane).doesNotContain(Settings.CLIENT_SECRET);
        }
    }

    @Test
    void shortLivedTokenIsUsedForHalfItsLife() {
        stub.behaves(request -> isToken(request) ? token(60) : Reply.json("{\"devices\":[]}"));
        try (var plane = connect()) {
            plane.devices().list();
            clock.pass(Duration.ofSeconds(29));
            plane.devices().list();
            assertThat(stub.count(TOKEN_PATH)).isEqualTo(1);
            clock.pass(Duration.ofSeconds(1));
            plane.devices().list();
            assertThat(stub.count(TOKEN_PATH)).isEqualTo(2);
        }
    }
}
