package com.xonetwork.tailnet.ports;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A port that the operator serves by itself, beside those of Quarkus: how it is opened, and how it is freed. Who serves it says what
 * is done with connections and requests. HTTP/1.1 only, heads of 8 KiB at most. It can be opened again after it was closed.
 */
public final class HttpPort implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(HttpPort.class);
    private static final int MOST_HEAD_BYTES = 8 * 1024;
    private static final int OPEN_SECONDS = 10;
    private static final int CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final String use;
    private final HttpServerOptions options;
    private final UnaryOperator<HttpServer> handlers;
    private @Nullable HttpServer server;

    /** The port cannot be opened. The message says which, and what for; it has no full stop, so that advice can follow. */
    public static final class CannotListenException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        CannotListenException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param use who comes there, in words for a user: {@code webhooks}
     * @param options what is particular to the port, as its idle time-out; address and limits of heads are set here
     * @param handlers gives a server its handlers
     */
    public HttpPort(Vertx vertx, String use, HttpServerOptions options, UnaryOperator<HttpServer> handlers) {
        this.vertx = vertx;
        this.use = use;
        this.options = new HttpServerOptions(options)
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(MOST_HEAD_BYTES)
                .setMaxInitialLineLength(MOST_HEAD_BYTES);
        this.handlers = handlers;
    }

    /**
     * Listens when it returns. A port that is open stays as it is.
     *
     * @param port 0 for any that is free
     * @return whether it was closed before
     * @throws CannotListenException when the port cannot be had within 10 s, or the thread was interrupted; it is closed then
     */
    public synchronized boolean open(String host, int port) {
        if (server != null) {
            return false;
        }
        var opening = handlers.apply(vertx.createHttpServer(
                        new HttpServerOptions(options).setHost(host).setPort(port)))
                // What strangers send is not well formed. Not even the complaint is of interest.
                .exceptionHandler(failure -> LOG.debugf("a connection for %s failed: %s", use, failure.getClass()));
        try {
            done(opening.listen()).get(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(opening);
            throw new CannotListenException(
                    "the operator was interrupted while it opened port " + port + " for " + use, e);
        } catch (ExecutionException e) {
            throw cannotListen(host, port, opening, e.getCause());
        } catch (TimeoutException e) {
            throw cannotListen(host, port, opening, e);
        }
        server = opening;
        return true;
    }

    private CannotListenException cannotListen(String host, int port, HttpServer opening, @Nullable Throwable cause) {
        giveUp(opening);
        return new CannotListenException(
                "the operator cannot listen for " + use + " on " + host + " port " + port + " (is it in use?)", cause);
    }

    /** It may still begin to listen, later than anybody waits. */
    private void giveUp(HttpServer opening) {
        opening.close().onFailure(failure -> LOG.debugf("the port for %s was not open: %s", use, failure.getClass()));
    }

    /** The port that it listens on; 0 while it does not. */
    public synchronized int port() {
        return server == null ? 0 : server.actualPort();
    }

    /**
     * Frees the port and ends its connections; both is done when it returns. The system may take a moment longer. A port that is
     * closed stays so. One that is not free after 5 s is left to itself, with a line in the log.
     */
    @Override
    public synchronized void close() {
        var closing = server;
        if (closing == null) {
            return;
        }
        server = null;
        try {
            done(closing.close()).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // It ends all the same.
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf(e, "the port for %s was not free after %d s. It is closed in the background", use, CLOSE_SECONDS);
        }
    }

    private static CompletableFuture<?> done(Future<?> future) {
        return future.toCompletionStage().toCompletableFuture();
    }
}
