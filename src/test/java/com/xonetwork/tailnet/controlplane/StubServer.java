package com.xonetwork.tailnet.controlplane;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real HTTP server on loopback that answers as it is told and remembers what it was asked. Register it as an extension
 * field of a test class.
 */
public final class StubServer implements BeforeEachCallback, AfterEachCallback {

    private final HttpServerOptions options;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger closedConnections = new AtomicInteger();
    private final Queue<Reply> queued = new ArrayDeque<>();
    private volatile Function<Received, Reply> behaviour = request -> Reply.of(500, "the test gave no answer");
    private volatile Vertx vertx;
    private volatile HttpServer server;

    public StubServer() {
        this(new HttpServerOptions());
    }

    public StubServer(HttpServerOptions options) {
        this.options = options;
    }

    /** A request as it arrived; header names in lower case. */
    public record Received(String method, String uri, Map<String, String> headers, String body, String serverName) {
        public String path() {
            return URI.create(uri).getRawPath();
        }

        public String line() {
            return method + " " + uri;
        }
    }

    /** How the body of a reply is sent. */
    public enum Manner {
        WHOLE,
        /** Announces more than it sends, then closes the connection. */
        CUT,
        /** Sends the head and a byte now and then, for ever. */
        TRICKLE,
        /** Sends as much as the client takes, for ever. */
        ENDLESS,
        /** Never answers. */
        HANG,
        /** Closes the connection without an answer. */
        DROP
    }

    public record Reply(int status, Map<String, String> headers, String body, Manner manner, Duration delay) {
        public static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body, Manner.WHOLE, Duration.ZERO);
        }

        public static Reply json(String body) {
            return of(200, body).with("Content-Type", "application/json");
        }

        public static Reply json(int status, String body) {
            return of(status, body).with("Content-Type", "application/json");
        }

        public static Reply html(int status) {
            return of(status, "<!DOCTYPE html><html><body><h1>Sign in to the portal</h1></body></html>")
                    .with("Content-Type", "text/html");
        }

        public Reply with(String name, String value) {
            var more = new HashMap<>(headers);
            more.put(name, value);
            return new Reply(status, more, body, manner, delay);
        }

        public Reply sent(Manner newManner) {
            return new Reply(status, headers, body, newManner, delay);
        }

        public Reply after(Duration newDelay) {
            return new Reply(status, headers, body, manner, newDelay);
        }
    }

    /** Answers these in turn, the last one for ever. */
    public void answers(Reply... replies) {
        synchronized (queued) {
            queued.clear();
            queued.addAll(List.of(replies));
        }
        behaviour = request -> {
            synchronized (queued) {
                return queued.size() > 1 ? queued.remove() : queued.element();
            }
        };
    }

    public void behaves(Function<Received, Reply> newBehaviour) {
        behaviour = newBehaviour;
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    public Received last() {
        return received.getLast();
    }

    public long count(String path) {
        return received.stream().filter(request -> request.path().equals(path)).count();
    }

    public void forget() {
        received.clear();
    }

    public int closedConnections() {
        return closedConnections.get();
    }

    public Vertx vertx() {
        return vertx;
    }

    public int port() {
        return server.actualPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        received.clear();
        closedConnections.set(0);
        vertx = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(StubServer.class))
                .computeIfAbsent("vertx", key -> new SharedVertx(Vertx.vertx()), SharedVertx.class)
                .vertx();
        server = vertx.createHttpServer(options)
                .connectionHandler(
                        connection -> connection.closeHandler(nothing -> closedConnections.incrementAndGet()))
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private record SharedVertx(Vertx vertx) implements AutoCloseable {
        @Override
        public void close() {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var headers = new HashMap<String, String>();
            request.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            var serverName = request.connection().indicatedServerName();
            var arrived = new Received(
                    request.method().name(),
                    request.uri(),
                    headers,
                    body.toString(),
                    serverName == null ? "" : serverName);
            received.add(arrived);
            var reply = behaviour.apply(arrived);
            if (reply.delay().isZero()) {
                send(request, reply);
            } else {
                vertx.setTimer(reply.delay().toMillis(), timer -> send(request, reply));
            }
        });
    }

    private void send(HttpServerRequest request, Reply reply) {
        var response = request.response().setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        switch (reply.manner()) {
            case WHOLE -> response.end(reply.body());
            case CUT -> {
                response.putHeader("Content-Length", String.valueOf(reply.body().length() + 100));
                response.write(reply.body())
                        .onComplete(written -> request.connection().close());
            }
            case TRICKLE -> {
                response.setChunked(true);
                long timer = vertx.setPeriodic(20, tick -> response.write(" "));
                response.closeHandler(closed -> vertx.cancelTimer(timer));
            }
            case ENDLESS -> {
                response.setChunked(true);
                pour(response);
            }
            case HANG -> {}
            case DROP -> request.connection().close();
        }
    }

    private static void pour(HttpServerResponse response) {
        response.write(Buffer.buffer("x".repeat(1000))).onSuccess(written -> pour(response));
    }
}
