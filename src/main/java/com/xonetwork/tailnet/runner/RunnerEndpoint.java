package com.xonetwork.tailnet.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /runner/v1/namespaces/<namespace>/runs/<uid>/attempts/<n>/events}, on a port of its own: all that a runner's pod
 * needs to reach. The token is looked at before the body is read. Answers {@code {"acknowledged": n}}, the counter up to which
 * everything is kept.
 */
public final class RunnerEndpoint implements AutoCloseable {

    /** Largest body; the contract has runners send half of it at most. */
    static final int MOST_BYTES = 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(RunnerEndpoint.class);
    private static final Pattern PATH = Pattern.compile(
            "/runner/v1/namespaces/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/runs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/attempts/([0-9]{1,4})/events");
    private static final String BEARER = "Bearer ";
    private static final int IDLE_SECONDS = 60;
    private static final int START_SECONDS = 10;

    private final Vertx vertx;
    private final RunTokens tokens;
    private final RunEventStore store;
    private final ObjectMapper json = new ObjectMapper();
    private @Nullable HttpServer server;

    /** What the runner sends. */
    private record Batch(List<RunEvent> events) {}

    /** What it gets. */
    private record Acknowledgement(long acknowledged) {}

    private record Answer(int status, byte[] body) {
        static Answer status(int status) {
            return new Answer(status, new byte[0]);
        }
    }

    public RunnerEndpoint(Vertx vertx, RunTokens tokens, RunEventStore store) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.store = store;
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for any that is free
     * @param handedOn is given every request first, and says whether it has taken it
     */
    public void open(String host, int port, Predicate<HttpServerRequest> handedOn) {
        server = listen(host, port, handedOn);
        LOG.infof("runners report to port %d", port());
    }

    private HttpServer listen(String host, int port, Predicate<HttpServerRequest> handedOn) {
        var options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS);
        try {
            return vertx.createHttpServer(options)
                    .requestHandler(request -> {
                        if (!handedOn.test(request)) {
                            handle(request);
                        }
                    })
                    .exceptionHandler(failure -> LOG.debugf("a runner's connection failed: %s", failure.getClass()))
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the port for runners was opened", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the operator cannot listen for runners on " + host + " port " + port
                            + ": set tailnet-operator.runs.port to one that is free",
                    e);
        }
    }

    /** The port that it listens on; 0 while it does not. */
    public int port() {
        return server == null ? 0 : server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        var attempt = attempt(String.valueOf(request.path()));
        var token = token(request.getHeader("Authorization"));
        if (attempt.isEmpty()) {
            refuse(request, 404);
        } else if (!request.method().equals(HttpMethod.POST)) {
            refuse(request, 405);
        } else if (token.isEmpty()) {
            refuse(request, 401);
        } else if (announced(request) > MOST_BYTES) {
            refuse(request, 413);
        } else {
            request.pause();
            vertx.executeBlocking(() -> isGenuine(attempt.get(), token.get()), false)
                    .onSuccess(genuine -> {
                        if (genuine) {
                            read(request, attempt.get());
                        } else {
                            request.resume();
                            refuse(request, 401);
                        }
                    })
                    .onFailure(failure -> {
                        LOG.warnf("the token of %s could not be looked up: %s", attempt.get(), failure.getMessage());
                        request.resume();
                        refuse(request, 503);
                    });
        }
    }

    private static Optional<AttemptKey> attempt(String path) {
        var match = PATH.matcher(path);
        return match.matches()
                ? Optional.of(new AttemptKey(match.group(1), match.group(2), Integer.parseInt(match.group(3))))
                : Optional.empty();
    }

    private static Optional<String> token(@Nullable String header) {
        return Optional.ofNullable(header)
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()));
    }

    private static long announced(HttpServerRequest request) {
        try {
            return Long.parseLong(String.valueOf(request.getHeader("Content-Length")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private boolean isGenuine(AttemptKey attempt, String token) {
        return tokens.of(attempt)
                .filter(expected -> MessageDigest.isEqual(expected.getBytes(UTF_8), token.getBytes(UTF_8)))
                .isPresent();
    }

    private void read(HttpServerRequest request, AttemptKey attempt) {
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + (long) chunk.length() > MOST_BYTES) {
                request.connection().close();
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(unused -> vertx.executeBlocking(() -> take(attempt, body.getBytes()), false)
                .onSuccess(answer -> request.response()
                        .setStatusCode(answer.status())
                        .putHeader("Content-Type", "application/json")
                        .end(Buffer.buffer(answer.body())))
                .onFailure(failure -> {
                    LOG.errorf("events of %s could not be kept: %s", attempt, failure.getMessage());
                    refuse(request, 503);
                }));
        request.resume();
    }

    private Answer take(AttemptKey attempt, byte[] body) throws IOException {
        Batch batch;
        try {
            batch = json.readValue(body, Batch.class);
        } catch (IOException e) {
            return Answer.status(400);
        }
        if (batch == null
                || batch.events() == null
                || batch.events().stream().anyMatch(event -> event == null || event.type() == null)) {
            return Answer.status(400);
        }
        return new Answer(200, json.writeValueAsBytes(new Acknowledgement(store.append(attempt, batch.events()))));
    }

    /** What is left of the body is passed over, so that the connection can be used again. */
    private static void refuse(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
