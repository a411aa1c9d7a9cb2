package com.xonetwork.tailnet.simulator;

import com.xonetwork.tailnet.simulator.Effect.Delivery;
import io.netty.channel.ChannelOption;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** Sends answers, whole or broken. */
final class Wire {

    /** A cut answer needs a body to be cut, even where the right one is empty. */
    private static final int LEAST_PROMISED = 64;

    private Wire() {}

    /** The status that the caller will see; 0 for none. */
    static int statusSent(Answer answer, Delivery delivery) {
        return switch (delivery) {
            case WHOLE, TRUNCATED, TRUNCATED_CHUNKED -> answer.status();
            case NEVER, CLOSED, RESET -> 0;
        };
    }

    static void send(HttpServerRequest request, Answer answer, Delivery delivery) {
        switch (delivery) {
            case WHOLE -> head(request, answer).end(Buffer.buffer(answer.body()));
            case TRUNCATED -> {
                var promised = Math.max(LEAST_PROMISED, answer.body().length);
                cutAfterHalf(request, answer, head(request, answer).putHeader("Content-Length", "" + promised));
            }
            case TRUNCATED_CHUNKED ->
                cutAfterHalf(request, answer, head(request, answer).setChunked(true));
            case NEVER -> {
                // The connection stays as it is until the caller or the simulator ends it.
            }
            case CLOSED -> request.connection().close();
            case RESET -> reset(request);
        }
    }

    private static HttpServerResponse head(HttpServerRequest request, Answer answer) {
        var response = request.response().setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        var contentType = answer.contentType();
        if (contentType != null) {
            response.putHeader("Content-Type", contentType);
        }
        return response;
    }

    private static void cutAfterHalf(HttpServerRequest request, Answer answer, HttpServerResponse response) {
        var half = Buffer.buffer(answer.body()).slice(0, answer.body().length / 2);
        response.write(half).onComplete(written -> request.connection().close());
    }

    /** An orderly close would send FIN; without lingering the system sends RST. Vert.x has no public way to say so. */
    private static void reset(HttpServerRequest request) {
        var channel = ((ConnectionBase) request.connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }
}
