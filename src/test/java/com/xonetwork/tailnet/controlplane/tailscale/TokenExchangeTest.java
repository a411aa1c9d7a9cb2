package com.xonetwork.tailnet.controlplane.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.IdentityTokens;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workload identity federation; what it has in common with the client credentials grant is in {@link OAuthTokensTest}. */
class TokenExchangeTest {

    private static final String PATH = "/api/v2/oauth/token-exchange";
    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9" + ".eyJzdWIiOiJ4In0.c2lnbmF0dXJl-";

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TailscaleFixture.TestClock clock = new TailscaleFixture.TestClock();
    private final AtomicInteger issued = new AtomicInteger();
    private final AtomicInteger exchanged = new AtomicInteger();
    private RuntimeException noToken;

    private final IdentityTokens tokens = new IdentityTokens() {
        @Override
        public String issue() {
            if (noToken != null) {
                throw noToken;
            }
            return JWT + issued.incrementAndGet();
        }

        @Override
        public String subject() {
            return "system:serviceaccount:net:tailscale-identity";
        }

        @Override
        public String audience() {
            return "api.tailscale.com/kWIF";
        }
    };

    private TailscaleAdapter connect() {
        var settings = new ControlPlaneSettings(
                ControlPlaneSettings.Api.TAILSCALE_V2,
                stub.url(),
                "-",
                new Credentials.WorkloadIdentity("kWIF", tokens),
                null,
                Settings.AMPLE);
        return TailscaleFixture.connect(stub, settings, clock);
    }

    private static boolean isExchange(Received request) {
        return request.path().equals(PATH);
    }

    private Reply accessToken() {
        return Reply.json("{\"access_token\":\"tok-" + exchanged.incrementAndGet() + "\",\"expires_in\":3600}");
    }

    private void works() {
        stub.behaves(request -> isExchange(request) ? accessToken() : Reply.json("{\"devices\":[]}"));
    }

    @Test
    void aFreshIdentityTokenIsExchangedAndTheAccessTokenKeptAMinuteLessThanItLives() {
        works();
        try (var plane = connect()) {
            assertThat(issued).as("connecting asks for nothing").hasValue(0);
            plane.devices().list();
            clock.pass(Duration.ofSeconds(3539));
            plane.devices().list();
            assertThat(stub.count(PATH)).isEqualTo(1);
            clock.pass(Duration.ofSeconds(1));
            plane.devices().list();
        }
        var exchanges =
                stub.received().stream().filter(TokenExchangeTest::isExchange).toList();
        assertThat(exchanges)
                .extracting(Received::body)
                .containsExactly("client_id=kWIF&jwt=" + JWT + "1", "client_id=kWIF&jwt=" + JWT + "2");
        assertThat(exchanges.getFirst().line()).isEqualTo("POST " + PATH);
        assertThat(exchanges.getFirst().headers())
                .containsEntry("content-type", "application/x-www-form-urlencoded")
                .doesNotContainKey("authorization");
        assertThat(stub.last().headers()).containsEntry("authorization", "Bearer tok-2");
    }

    @Test
    void twentyThreadsCostOneIdentityTokenAndOneExchange() throws Exception {
        stub.behaves(request ->
                isExchange(request) ? accessToken().after(Duration.ofMillis(150)) : Reply.json("{\"devices\":[]}"));
        var together = new CountDownLatch(20);
        var done = new ArrayList<Future<?>>();
        try (var plane = connect();
                var threads = Executors.newFixedThreadPool(20)) {
            for (int thread = 0; thread < 20; thread++) {
                done.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return plane.devices().list();
                }));
            }
            assertThat(done).allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(5)));
        }
        assertThat(issued).hasValue(1);
        assertThat(stub.count(PATH)).isEqualTo(1);
    }

    @Test
    void anUnexpected401CostsOneMoreExchangeAndASecondIsFinal() {
        stub.behaves(request -> isExchange(request)
                ? accessToken()
                : "Bearer tok-1".equals(request.headers().get("authorization"))
                        ? Reply.json(401, "{\"message\":\"API token invalid\"}")
                        : Reply.json("{\"devices\":[]}"));
        try (var plane = connect()) {
            assertThat(plane.devices().list()).isEmpty();
            assertThat(issued).hasValue(2);
        }
        stub.behaves(request -> isExchange(request) ? accessToken() : Reply.json(401, "{\"message\":\"invalid\"}"));
        stub.forget();
        try (var plane = connect()) {
            assertThatThrownBy(() -> plane.devices().list()).isInstanceOf(ControlPlaneException.Unauthorized.class);
        }
        assertThat(stub.count(PATH)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"message\":\"invalid jwt\"}|Unauthorized",
                "401|{\"message\":\"API token invalid\"}|Unauthorized",
                "403|{\"message\":\"audience mismatch\"}|Unauthorized",
                "404|{\"message\":\"no such federated identity\"}|Unauthorized",
                "400|{\"error\":\"invalid_grant\",\"error_description\":\"issuer\"}|Unauthorized",
                "404|404 page not found|Unavailable",
                "404|{\"message\":\"404 page not found\"}|Unavailable",
                "429|{\"message\":\"too many requests\"}|RateLimited",
                "500|{\"message\":\"internal server error\"}|Unavailable",
                "200|{\"expires_in\":3600}|Unavailable",
            })
    void refusalsSayWhatTheFederatedIdentityMustTrust(int status, String body, String kind) {
        stub.answers(
                Reply.of(status, body).with("x-tailscale-request-id", "REQ-1").with("Retry-After", "30"));
        try (var plane = connect()) {
            var problem = catchThrowableOfType(
                    ControlPlaneException.class, () -> plane.devices().list());
            assertThat(problem.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(problem).hasMessageStartingWith("exchangeOAuthToken: ");
            assertThat(problem.requestId()).contains("REQ-1");
            if (kind.equals("Unauthorized")) {
                assertThat(problem)
                        .hasMessageContaining("kWIF")
                        .hasMessageContaining("system:serviceaccount:net:tailscale-identity")
                        .hasMessageContaining("api.tailscale.com/kWIF");
            }
        }
    }

    @Test
    void anIdentityTokenThatTheServiceRepeatsIsNotShown() {
        stub.behaves(request -> Reply.json(400, "{\"message\":\"bad: " + request.body() + "\"}"));
        try (var plane = connect()) {
            var problem = catchThrowableOfType(
                    ControlPlaneException.class, () -> plane.devices().list());
            assertThat(problem.toString() + plane)
                    .contains("jwt=***")
                    .doesNotContain("eyJhbGci")
                    .doesNotContain("c2lnbmF0dXJl");
        }
    }

    @Test
    void withoutAnIdentityTokenNothingIsSent() {
        works();
        noToken = new ControlPlaneException.Unauthorized(0, "there is no ServiceAccount tailscale-identity");
        try (var plane = connect()) {
            assertThatThrownBy(() -> plane.devices().list()).isSameAs(noToken);
            assertThat(stub.received()).isEmpty();
            noToken = null;
            assertThat(plane.devices().list()).isEmpty();
        }
    }

    /** Or a tenant who names another's client ID with a tiny budget would slow that other down. */
    @Test
    void theCallBudgetIsSharedBySubjectNotByClientIdAlone() {
        var other = new Credentials.WorkloadIdentity("kWIF", new IdentityTokens() {
            @Override
            public String issue() {
                return JWT;
            }

            @Override
            public String subject() {
                return "system:serviceaccount:other:tailscale-identity";
            }

            @Override
            public String audience() {
                return tokens.audience();
            }
        });

        assertThat(other.label()).isNotEqualTo(new Credentials.WorkloadIdentity("kWIF", tokens).label());
    }
}
