package com.xonetwork.tailnet.leadership;

import com.xonetwork.tailnet.ports.HeadDeadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.httpproxy.HttpProxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands requests on to the leader, at the same port that they came to. What it does not reach is answered with 503, which every
 * caller of these ports takes for "again, later".
 */
public final class LeaderForwarder implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LeaderForwarder.class);
    /** Marks a request that was forwarded once. Two standbys that take each other for the leader must not forward it in a circle. */
    private static final String HANDED_ON = "X-Handed-On-By-Standby";

    private static final int CONNECT_MILLIS = 2_000;
    private static final int IDLE_SECONDS = 60;
    private static final int PORT_SECONDS = 5;
    /** As the leader takes them. */
    private static final int MOST_HEAD_BYTES = 8 * 1024;

    private static final int MOST_CONNECTIONS = 512;

    private final Vertx vertx;
    private final Leadership leadership;
    private final HttpProxy plain;
    private final HttpProxy tls;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable HttpServer server;

    /**
     * @param certificate PEM file of the certificate that all replicas show where they speak TLS; empty where they do not
     * @param steady a clock that nobody sets
     */
    public LeaderForwarder(Vertx vertx, Leadership leadership, Optional<String> certificate, Clock steady) {
        this.vertx = vertx;
        this.leadership = leadership;
        this.plain = proxy(options());
        // Replicas are reached by addresses, which certificates do not name: it must be the very same certificate
        // instead.
        this.tls = certificate
                .map(file -> proxy(options()
                        .setSsl(true)
                        .setVerifyHost(false)
                        .setTrustOptions(TrustOptions.wrap(new SameCertificate(Path.of(file), steady)))))
                .orElse(plain);
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxPoolSize(Short.MAX_VALUE)
                .setDecompressionSupported(false);
    }

    private HttpProxy proxy(HttpClientOptions options) {
        return HttpProxy.reverseProxy(vertx.createHttpClient(options)).originSelector(this::leaderFor);
    }

    private Future<SocketAddress> leaderFor(HttpServerRequest request) {
        return address()
                .map(address -> Future.succeededFuture(
                        SocketAddress.inetSocketAddress(request.localAddress().port(), address)))
                .orElseGet(() -> Future.failedFuture("nobody leads"));
    }

    private Optional<String> address() {
        return leadership.leader().flatMap(leader -> Optional.ofNullable(leader.address()));
    }

    /** Whether this request must be handed on. */
    public boolean isStandby() {
        return !leadership.leads();
    }

    /** Hands it on. */
    public void forward(HttpServerRequest request) {
        if (address().isEmpty() || request.headers().contains(HANDED_ON)) {
            request.response().setStatusCode(503).putHeader("Retry-After", "1").end();
            return;
        }
        request.headers().add(HANDED_ON, "true");
        (request.isSSL() ? tls : plain).handle(request);
    }

    /** Takes what comes to the port for the leader, until {@link #close}. */
    public void open(String host, int port) {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(MOST_HEAD_BYTES)
                        .setMaxInitialLineLength(MOST_HEAD_BYTES)
                        .setIdleTimeout(IDLE_SECONDS))
                .connectionHandler(this::count)
                .requestHandler(request -> {
                    HeadDeadline.began(request)
                            .ifPresent(deadline -> request.response().endHandler(unused -> deadline.ended()));
                    forward(request);
                })
                .exceptionHandler(failure -> LOG.debugf("a connection to hand on failed: %s", failure.getClass()));
        await(server.listen());
    }

    private void count(HttpConnection connection) {
        connection.closeHandler(unused -> connections.decrementAndGet());
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connection.close();
        }
    }

    /** Frees the port, for the leader that this process becomes; the system may take a moment longer. */
    @Override
    public void close() {
        if (server != null) {
            await(server.close());
            server = null;
        }
    }

    private static void await(Future<?> done) {
        done.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PORT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
