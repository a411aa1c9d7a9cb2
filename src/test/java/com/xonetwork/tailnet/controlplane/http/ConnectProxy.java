package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** A real HTTP proxy on loopback. Every name leads to loopback, as it knows names that nobody else does. */
final class ConnectProxy implements AutoCloseable {

    private final Vertx vertx;
    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();

    /** @param verdict the status to answer a request with; 200 connects */
    ConnectProxy(Vertx vertx, ToIntFunction<HttpServerRequest> verdict) {
        this.vertx = vertx;
        this.server = vertx.createHttpServer().requestHandler(request -> {
            asked.add(request.method() + " " + request.uri());
            logins.add(String.valueOf(request.getHeader("Proxy-Authorization")));
            var status = verdict.applyAsInt(request);
            if (status == 200 && request.method() == HttpMethod.CONNECT) {
                connect(request);
            } else {
                request.response().setStatusCode(status == 200 ? 405 : status).end("the proxy's own page");
            }
        });
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    private void connect(HttpServerRequest request) {
        request.pause();
        var port = Integer.parseInt(request.uri().substring(request.uri().lastIndexOf(':') + 1));
        vertx.createNetClient().connect(port, "127.0.0.1").onComplete(there -> {
            if (there.failed()) {
                request.response().setStatusCode(502).end();
                return;
            }
            request.toNetSocket().onSuccess(here -> join(here, there.result()));
        });
    }

    private static void join(NetSocket here, NetSocket there) {
        here.pipeTo(there);
        there.pipeTo(here);
    }

    int port() {
        return server.actualPort();
    }

    /** What it was asked for, a line each. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Headers Proxy-Authorization of what it was asked for. */
    List<String> logins() {
        return List.copyOf(logins);
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
