package com.xonetwork.tailnet.leadership;

import com.xonetwork.tailnet.ports.HeadDeadline;
import com.xonetwork.tailnet.ports.HttpPort;
import com.xonetwork.tailnet.ports.HttpPort.CannotListenException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.httpproxy.HttpProxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands requests on to the leader, at the same port that they came to. What it does not reach is answered with 503, which every
 * caller of these ports takes for "again, later".
 */
public final class LeaderForwarder implements AutoCloseable {

    /** Marks a request that was forwarded once. Two standbys that take each other for the leader must not forward it in a circle. */
    private static final String HANDED_ON = "X-Handed-On-By-Standby";

    private static final int CONNECT_MILLIS = 2_000;
    private static final int IDLE_SECONDS = 60;

    private static final int MOST_CONNECTIONS = 512;

    private final Vertx vertx;
    private final Leadership leadership;
    private final HttpProxy plain;
    private final HttpProxy tls;
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpPort http;

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
        this.http = new HttpPort(
                vertx,
                "webhooks",
                new HttpServerOptions().setIdleTimeout(IDLE_SECONDS),
                server -> server.connectionHandler(this::count).requestHandler(request -> {
                    HeadDeadline.began(request)
                            .ifPresent(deadline -> request.response().endHandler(_ -> deadline.ended()));
                    forward(request);
                }));
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

    /**
     * Takes what comes to the port for the leader, until {@link #close}.
     *
     * @throws IllegalStateException when the port cannot be opened, with what to do about it
     */
    public void open(String host, int port) {
        try {
            http.open(host, port);
        } catch (CannotListenException e) {
            throw new IllegalStateException(
                    e.getMessage() + ": set tailnet-operator.webhooks.port to one that is free", e);
        }
    }

    private void count(HttpConnection connection) {
        connection.closeHandler(unused -> connections.decrementAndGet());
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connection.close();
        }
    }

    /** Frees the port, for the leader that this process becomes. */
    @Override
    public void close() {
        http.close();
    }
}
