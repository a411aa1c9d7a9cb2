package com.xonetwork.tailnet.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.ports.HeadDeadline;
import com.xonetwork.tailnet.ports.HttpPort;
import com.xonetwork.tailnet.ports.HttpPort.CannotListenException;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /runner/v1/namespaces/<namespace>/runs/<uid>/attempts/<n>/events}, on a port of its own: all that a runner's pod
 * needs to reach. The token is looked at before the body is read, and without a call: who has none costs nothing but a
 * connection. Answers {@code {"acknowledged": n}}, the counter up to which nothing needs to be sent again.
 */
public final class RunnerEndpoint implements AutoCloseable {

    /** Largest body; the contract has runners send half of it at most. */
    static final int MOST_BYTES = 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(RunnerEndpoint.class);
    private static final Pattern PATH = Pattern.compile(
            "/runner/v1/namespaces/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)/runs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/attempts/([0-9]{1,4})/events");
    private static final String BEARER = "Bearer ";
    private static final int IDLE_SECONDS = 60;
    /** From the first byte of a connection to a genuine token. */
    private static final long STRANGER_MILLIS = 15_000;
    /** From the head of a request to the end of its body; our runner gives up after as long. */
    private static final long BODY_MILLIS = 10_000;
    /** A body that nobody reads ends within this, or its connection is closed. */
    private static final long DRAIN_MILLIS = 5_000;
    /** Bodies that are in memory at the same time, each of {@link #MOST_BYTES} at most. */
    private static final int MOST_BODIES = 16;
    /** Of them, how many are read at the same time: that takes several times their size. */
    private static final int MOST_READ = 4;
    /** Soon: an attempt that is not known yet may be so in a moment, as after a restart. */
    private static final String UNKNOWN_RETRY_SECONDS = "2";

    private final Vertx vertx;
    private final RunTokens tokens;
    private final RunEventStore store;
    private final ObjectMapper json = EventRules.reader();
    private final RunnerConnections connections = new RunnerConnections();
    /** One of each attempt at a time. */
    private final Set<AttemptKey> reading = ConcurrentHashMap.newKeySet();

    private final HttpPort http;

    private volatile Predicate<HttpServerRequest> taker = _ -> false;
    private @Nullable WorkerExecutor workers;

    /** What the runner sends. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Batch(List<RunEvent> events) {}

    /**
     * What it gets.
     *
     * @param full nothing more is kept but the last event; absent while that is not so
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Acknowledgement(
            long acknowledged, @Nullable Boolean full) {}

    private record Answer(int status, byte[] body) {
        static Answer status(int status) {
            return new Answer(status, new byte[0]);
        }
    }

    public RunnerEndpoint(Vertx vertx, RunTokens tokens, RunEventStore store) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.store = store;
        this.http = new HttpPort(
                vertx,
                "runners",
                new HttpServerOptions().setIdleTimeout(IDLE_SECONDS),
                server -> server.connectionHandler(this::opened).requestHandler(request -> {
                    if (!taker.test(request)) {
                        handle(request);
                    }
                }));
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for any that is free
     * @param handedOn is given every request first, and says whether it has taken it
     * @throws IllegalStateException when the port cannot be opened, with what to do about it
     */
    public void open(String host, int port, Predicate<HttpServerRequest> handedOn) {
        workers = vertx.createSharedWorkerExecutor("runner-events", MOST_READ);
        taker = handedOn;
        try {
            http.open(host, port);
        } catch (CannotListenException e) {
            throw new IllegalStateException(e.getMessage() + ": set tailnet-operator.runs.port to one that is free", e);
        }
        LOG.infof("the operator receives events of runs on port %d", port());
        store.refusal().ifPresent(LOG::error);
    }

    private void opened(HttpConnection connection) {
        HeadDeadline.dismiss(connection);
        connections.opened(connection);
        vertx.setTimer(STRANGER_MILLIS, unused -> connections.expire(connection));
    }

    /** The port that it listens on; 0 while it does not. */
    public int port() {
        return http.port();
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
            var genuine = tokens.of(attempt.get()).filter(known -> isSame(known.token(), token.get()));
            if (genuine.isEmpty()) {
                request.response().putHeader("Retry-After", UNKNOWN_RETRY_SECONDS);
                refuse(request, 401);
            } else {
                connections.genuine(request.connection(), attempt.get());
                admit(request, attempt.get(), genuine.get().hosts());
            }
        }
    }

    private void admit(HttpServerRequest request, AttemptKey attempt, Set<String> hosts) {
        if (reading.size() < MOST_BODIES && reading.add(attempt)) {
            new Reading(request, attempt, hosts).begin();
        } else {
            refuse(request, 503);
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

    private static boolean isSame(String wanted, String given) {
        return MessageDigest.isEqual(wanted.getBytes(UTF_8), given.getBytes(UTF_8));
    }

    /** A request with a genuine token. Everything but its content is looked at on its event loop, one thing after the other. */
    private final class Reading {
        private final HttpServerRequest request;
        private final AttemptKey attempt;
        private final Set<String> hosts;
        private final Buffer body = Buffer.buffer();
        private final long timer;
        private boolean isOver;

        Reading(HttpServerRequest request, AttemptKey attempt, Set<String> hosts) {
            this.request = request;
            this.attempt = attempt;
            this.hosts = hosts;
            this.timer = vertx.setTimer(BODY_MILLIS, unused -> give(408));
        }

        void begin() {
            request.exceptionHandler(failure -> end());
            request.handler(chunk -> {
                if (isOver) {
                    return;
                }
                if (body.length() + (long) chunk.length() > MOST_BYTES) {
                    give(413);
                } else {
                    body.appendBuffer(chunk);
                }
            });
            request.endHandler(unused -> {
                if (isOver) {
                    return;
                }
                vertx.cancelTimer(timer);
                Objects.requireNonNull(workers)
                        .executeBlocking(() -> take(attempt, hosts, body.getBytes()), false)
                        .onComplete(taken -> {
                            end();
                            if (taken.succeeded()) {
                                answer(taken.result());
                            } else {
                                LOG.errorf(
                                        "events of %s could not be stored: %s",
                                        attempt, taken.cause().getMessage());
                                refuse(request, 503);
                            }
                        });
            });
        }

        private void answer(Answer answer) {
            request.response()
                    .setStatusCode(answer.status())
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(answer.body()));
        }

        private void give(int status) {
            if (!isOver) {
                end();
                refuse(request, status);
            }
        }

        private void end() {
            if (!isOver) {
                isOver = true;
                vertx.cancelTimer(timer);
                reading.remove(attempt);
            }
        }
    }

    private Answer take(AttemptKey attempt, Set<String> hosts, byte[] body) throws IOException {
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
        var kept = store.append(attempt, batch.events(), hosts);
        return new Answer(200, json.writeValueAsBytes(new Acknowledgement(kept.last(), kept.isCut() ? true : null)));
    }

    /** What is left of the body is passed over, so that the answer is read and the connection can be used again. */
    private void refuse(HttpServerRequest request, int status) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.response().setStatusCode(status).end();
        if (!request.isEnded()) {
            var connection = request.connection();
            var timer = vertx.setTimer(DRAIN_MILLIS, unused -> connection.close());
            request.endHandler(unused -> vertx.cancelTimer(timer));
        }
    }

    /** Connections that are open. */
    int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        try {
            http.close();
        } finally {
            if (workers != null) {
                workers.close();
            }
        }
    }
}
