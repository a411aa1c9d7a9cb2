package com.xonetwork.tailnet.ports;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection over which no whole head of a request comes in time, counted from its beginning, or from the first byte after
 * an answer. Idle time-outs do not do that: a byte now and then is not idle. Answers may take as long as they like, event streams
 * too; connections that wait between two requests are left to the idle time-out.
 *
 * <p>All of it runs on the connection's event loop.
 */
public final class HeadDeadline extends ChannelInboundHandlerAdapter {

    static final long HEAD_MILLIS = 10_000;
    /** For the body, from the head on. */
    static final long BODY_MILLIS = 30_000;

    private final AwaitedHeads heads;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable HttpServerRequest request;
    private boolean answered;

    HeadDeadline(AwaitedHeads heads) {
        this.heads = heads;
    }

    /** The head of a request is there. @return to be told when the answer has ended; nothing when another guards this port */
    public static Optional<HeadDeadline> began(HttpServerRequest request) {
        var deadline = of(request.connection());
        deadline.ifPresent(found -> found.onEventLoop(() -> found.headCame(request)));
        return deadline;
    }

    /** The connection is guarded by who serves the port. */
    public static void dismiss(HttpConnection connection) {
        of(connection).ifPresent(found -> found.onEventLoop(found::leave));
    }

    private static Optional<HeadDeadline> of(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                ? Optional.ofNullable(base.channel().pipeline().get(HeadDeadline.class))
                : Optional.empty();
    }

    /** The answer has ended. */
    public void ended() {
        onEventLoop(() -> answered = true);
    }

    private void onEventLoop(Runnable step) {
        var added = context;
        if (added == null) {
            return;
        }
        if (added.executor().inEventLoop()) {
            step.run();
        } else {
            added.executor().execute(step);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        await(added);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object data) {
        if (answered && request != null && request.isEnded()) {
            await(reading);
        }
        reading.fireChannelRead(data);
    }

    private void await(ChannelHandlerContext awaiting) {
        cancel();
        answered = false;
        request = null;
        timer = awaiting.executor().schedule(() -> awaiting.close(), HEAD_MILLIS, TimeUnit.MILLISECONDS);
        heads.add(awaiting.channel());
    }

    private void headCame(HttpServerRequest came) {
        cancel();
        request = came;
        answered = false;
        var added = context;
        if (added != null && !came.isEnded()) {
            timer = added.executor().schedule(() -> closeUnlessEnded(added, came), BODY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void closeUnlessEnded(ChannelHandlerContext added, HttpServerRequest request) {
        if (!request.isEnded()) {
            added.close();
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (context != null) {
            heads.remove(context.channel());
        }
    }

    private void leave() {
        if (context != null && !context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        cancel();
        closed.fireChannelInactive();
    }
}
