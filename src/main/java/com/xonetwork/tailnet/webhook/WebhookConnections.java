package com.xonetwork.tailnet.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the connections to the port of webhooks few, and short while nothing comes of them. Anybody may open some, so when there
 * are too many the oldest over which no request goes makes room: half a head keeps nobody out.
 */
final class WebhookConnections {

    /** With a head of 8 KiB each. */
    static final int MOST = 512;
    /** For the head of a request, from the connection or from the answer before. */
    static final long HEAD_MILLIS = 10_000;

    private final Vertx vertx;
    /** The oldest first; the timer of the head that is awaited, or BUSY. */
    private final Map<HttpConnection, Long> open = new LinkedHashMap<>();

    private static final long BUSY = -1;

    WebhookConnections(Vertx vertx) {
        this.vertx = vertx;
    }

    synchronized void opened(HttpConnection connection) {
        if (open.size() >= MOST && !closeOldest()) {
            connection.close();
            return;
        }
        connection.closeHandler(unused -> closed(connection));
        awaitHead(connection);
    }

    private synchronized void awaitHead(HttpConnection connection) {
        open.put(connection, vertx.setTimer(HEAD_MILLIS, unused -> connection.close()));
    }

    /** The head is there. */
    synchronized void began(HttpServerRequest request) {
        var connection = request.connection();
        var timer = open.replace(connection, BUSY);
        if (timer != null && timer != BUSY) {
            vertx.cancelTimer(timer);
        }
        request.response().bodyEndHandler(unused -> ended(connection));
    }

    private synchronized void ended(HttpConnection connection) {
        if (open.containsKey(connection) && open.get(connection) == BUSY) {
            awaitHead(connection);
        }
    }

    private synchronized void closed(HttpConnection connection) {
        var timer = open.remove(connection);
        if (timer != null && timer != BUSY) {
            vertx.cancelTimer(timer);
        }
    }

    private boolean closeOldest() {
        for (var entry : open.entrySet()) {
            if (entry.getValue() != BUSY) {
                var oldest = entry.getKey();
                vertx.cancelTimer(entry.getValue());
                open.remove(oldest);
                oldest.close();
                return true;
            }
        }
        return false;
    }

    synchronized int size() {
        return open.size();
    }
}
