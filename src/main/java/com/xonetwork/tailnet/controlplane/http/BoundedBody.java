package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Collects one answer's body, or hands it on to who reads it, and breaks the exchange off as soon as it passes the limit: the memory
 * of the operator does not depend on what a server sends. Also keeps the head of the answer, so that the status is known when the body never
 * ends well. Used for one exchange.
 */
final class BoundedBody implements BodyCodec<Buffer> {

    private static final int MOST_OF_ERROR = 64 * 1024;

    private final int limit;
    private final IntPredicate mayTake;
    private final @Nullable BodyPipe pipe;
    private final Buffer received = Buffer.buffer();
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse head;
    private boolean aborted;
    private boolean tooLarge;
    private boolean noRoom;
    private long length;

    /**
     * @param mayTake asked for each part that is kept here; on no, the exchange is broken off as by the limit
     * @param pipe for the body of a good answer; null where it is kept here
     */
    BoundedBody(int limit, IntPredicate mayTake, @Nullable BodyPipe pipe) {
        this.limit = limit;
        this.mayTake = mayTake;
        this.pipe = pipe;
    }

    /** The request is on its way: from now on there is something to break off. */
    synchronized void attach(HttpClientRequest sent) {
        request = sent;
        if (aborted) {
            sent.reset();
        }
    }

    synchronized void attach(HttpClientResponse response) {
        head = response;
    }

    /** Drops the exchange and its connection. Safe at any time, from any thread. */
    synchronized void abort() {
        aborted = true;
        if (request != null) {
            request.reset();
        }
    }

    int limit() {
        return limit;
    }

    synchronized boolean isTooLarge() {
        return tooLarge;
    }

    /** It was broken off for want of memory, not for its own size. */
    synchronized boolean hadNoRoom() {
        return noRoom;
    }

    /** Status line and headers, if they came. */
    synchronized Optional<HttpClientResponse> head() {
        return Optional.ofNullable(head);
    }

    /** What has arrived of the body. To be asked for when the exchange is over: then nothing is added to it any more. */
    synchronized Buffer received() {
        return received;
    }

    private synchronized boolean take(Buffer data) {
        if (aborted) {
            return false;
        }
        // What goes into a condition needs no more of an error's words; a server says how long they are.
        var good = head == null || head.statusCode() < 300;
        var most = good ? limit : Math.min(limit, MOST_OF_ERROR);
        length += data.length();
        if (length > most) {
            tooLarge = true;
            abort();
            return false;
        }
        if (good && pipe != null) {
            pipe.put(data);
            return true;
        }
        if (!mayTake.test(data.length())) {
            noRoom = true;
            abort();
            return false;
        }
        received.appendBuffer(data);
        return true;
    }

    @Override
    public void create(Handler<AsyncResult<BodyStream<Buffer>>> handler) {
        handler.handle(Future.succeededFuture(new Stream()));
    }

    private final class Stream implements BodyStream<Buffer> {
        private final Promise<Buffer> result = Promise.promise();

        @Override
        public Future<Buffer> result() {
            return result.future();
        }

        @Override
        public void handle(Throwable failure) {
            result.tryFail(failure);
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Future<Void> write(Buffer data) {
            if (take(data)) {
                return Future.succeededFuture();
            }
            var failure = new IllegalStateException("body broken off");
            result.tryFail(failure);
            return Future.failedFuture(failure);
        }

        @Override
        public void write(Buffer data, @Nullable Handler<AsyncResult<Void>> handler) {
            var written = write(data);
            if (handler != null) {
                written.onComplete(handler);
            }
        }

        @Override
        public void end(@Nullable Handler<AsyncResult<Void>> handler) {
            result.tryComplete(received());
            if (handler != null) {
                handler.handle(Future.succeededFuture());
            }
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return pipe != null && pipe.isFull();
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            if (pipe != null) {
                pipe.whenDrained(handler);
            }
            return this;
        }
    }
}
