package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpConnection;
import com.xonetwork.tailnet.controlplane.http.Operation;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of an OAuth client (client credentials grant) or of a federated identity (token exchange), cached and renewed
 * a minute before they end. However many threads need one at once, one of them fetches it and all others wait for that
 * answer, good or bad: a wrong secret must not be tried twenty times in a row.
 */
final class OAuthTokens implements BearerTokens {

    private static final Duration EARLY = Duration.ofSeconds(60);

    /** What Tailscale's tokens live, should an answer not tell. */
    private static final long USUAL_SECONDS = 3600;

    private final HttpConnection http;
    private final Grant grant;
    private final Clock clock;
    private final Object lock = new Object();

    private @Nullable Token token;
    private @Nullable CompletableFuture<Token> fetching;

    private record Token(String value, Instant renewAt) {
        @Override
        public String toString() {
            return "Token[renewAt=" + renewAt + "]";
        }
    }

    /** How a token is asked for. */
    private interface Grant {

        /** The request, with whatever proves us put into it now. */
        HttpCall request();

        /** What was presented, without its secrets: added to a refusal. */
        String presented();
    }

    private OAuthTokens(HttpConnection http, Grant grant, Clock clock) {
        this.http = http;
        this.grant = grant;
        this.clock = clock;
    }

    /** Of an OAuth client. */
    static OAuthTokens of(HttpConnection http, Credentials.OAuthClient client, Clock clock) {
        var form = "client_id=" + encode(client.clientId()) + "&client_secret=" + encode(client.clientSecret())
                + "&grant_type=client_credentials";
        return new OAuthTokens(
                http,
                new Grant() {
                    @Override
                    public HttpCall request() {
                        return call(TailscaleOperations.TOKEN, "token", form);
                    }

                    @Override
                    public String presented() {
                        return "";
                    }
                },
                clock);
    }

    /** Of a federated identity: every access token costs a new identity token, of which none is kept. */
    static OAuthTokens of(HttpConnection http, Credentials.WorkloadIdentity identity, Clock clock) {
        var tokens = identity.tokens();
        return new OAuthTokens(
                http,
                new Grant() {
                    @Override
                    public HttpCall request() {
                        var form = "client_id=" + encode(identity.clientId()) + "&jwt=" + encode(tokens.issue());
                        return call(TailscaleOperations.EXCHANGE_TOKEN, "token-exchange", form);
                    }

                    @Override
                    public String presented() {
                        return "; the federated identity " + identity.clientId()
                                + " must trust this cluster as issuer, with the subject " + tokens.subject()
                                + " and the audience " + tokens.audience();
                    }
                },
                clock);
    }

    private static HttpCall call(Operation operation, String endpoint, String form) {
        return HttpCall.of(operation, RequestPath.of("api", "v2", "oauth", endpoint))
                .withHeader("Accept", "application/json")
                .withBody("application/x-www-form-urlencoded", Buffer.buffer(form));
    }

    @Override
    public String current() {
        CompletableFuture<Token> flight;
        boolean mine = false;
        synchronized (lock) {
            if (token != null && clock.instant().isBefore(token.renewAt())) {
                return token.value();
            }
            if (fetching == null) {
                fetching = new CompletableFuture<>();
                mine = true;
            }
            flight = fetching;
        }
        return (mine ? fetchInto(flight) : awaitOther(flight)).value();
    }

    private Token fetchInto(CompletableFuture<Token> flight) {
        try {
            var fetched = fetch();
            synchronized (lock) {
                token = fetched;
                fetching = null;
            }
            flight.complete(fetched);
            return fetched;
        } catch (RuntimeException | Error e) {
            synchronized (lock) {
                fetching = null;
            }
            flight.completeExceptionally(e);
            throw e;
        }
    }

    /** Not for ever: the fetching thread is bound by the call timeout. */
    private static Token awaitOther(CompletableFuture<Token> flight) {
        try {
            return flight.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException.Unavailable(0, "access token: interrupted", null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ControlPlaneException failure) {
                throw failure;
            }
            throw new ControlPlaneException.Unavailable(
                    0, "access token: another thread's attempt failed", e.getCause());
        }
    }

    @Override
    public boolean refused(String refused) {
        synchronized (lock) {
            // Somebody else may have renewed it already: a good token must not be thrown away for an old one's fault.
            if (token != null && token.value().equals(refused)) {
                token = null;
            }
        }
        return true;
    }

    private Token fetch() {
        var answer = ask(grant.request());
        var granted = http.wire().read(answer, TailscaleMessages.TokenJson.class);
        var value = granted.accessToken();
        if (value == null || value.isBlank()) {
            throw answer.unusable("it holds no access token");
        }
        long seconds = granted.expiresIn() == null ? USUAL_SECONDS : granted.expiresIn();
        // A token that lives less than two minutes is used for half its life instead of not at all.
        long usable = Math.max(seconds - EARLY.toSeconds(), seconds / 2);
        return new Token(value, clock.instant().plusSeconds(usable));
    }

    private Answer ask(HttpCall request) {
        try {
            return http.send(request);
        } catch (ControlPlaneException.Unauthorized e) {
            var explained = new ControlPlaneException.Unauthorized(e.status(), e.getMessage() + grant.presented());
            explained.setRequestId(e.requestId().orElse(null));
            throw explained;
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "OAuthTokens[" + http + "]";
    }
}
