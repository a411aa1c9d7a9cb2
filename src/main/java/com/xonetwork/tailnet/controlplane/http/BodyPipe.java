package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes an answer's body from the event loop to the thread that reads it. Holds little: the server waits until what it sent was
 * read. It ends when the exchange has ended well, and in no other way; used for one exchange.
 */
final class BodyPipe extends InputStream {

    /** In bytes. One part that has arrived may go beyond it. */
    static final int ROOM = 64 * 1024;

    private final long deadline;
    private final Queue<Buffer> parts = new ArrayDeque<>();
    private int position;
    private int held;
    private boolean begun;
    private boolean ended;
    private @Nullable Throwable failure;
    private @Nullable Handler<Void> whenDrained;
    private @Nullable Context eventLoop;

    /** @param deadline of {@link System#nanoTime} for the last byte */
    BodyPipe(long deadline) {
        this.deadline = deadline;
    }

    /** From the event loop. */
    synchronized void put(Buffer part) {
        begun = true;
        eventLoop = Vertx.currentContext();
        if (part.length() > 0 && !ended) {
            parts.add(part);
            held += part.length();
            notifyAll();
        }
    }

    synchronized boolean isFull() {
        return held >= ROOM;
    }

    /** @param handler called on the event loop when there is room again */
    synchronized void whenDrained(@Nullable Handler<Void> handler) {
        whenDrained = handler;
        // It may have been read between the question whether there is room and this.
        drained();
    }

    /** The exchange has ended. @param cause why it has not ended well; null when it has */
    synchronized void end(@Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            failure = cause;
            notifyAll();
        }
    }

    /** Whether anything of a good answer came. */
    synchronized boolean begun() {
        return begun;
    }

    /** Why it ended, where it has not ended well. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Waits for the first part or the end of the exchange. @return whether there is something to read */
    synchronized boolean awaitBegin() throws InterruptedException {
        while (!begun && !ended) {
            wait(millisLeft());
        }
        return begun;
    }

    /** Ends it when the time is over. @return at least 1 */
    private long millisLeft() {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            end(new TimeoutException());
        }
        return Math.max(1, left);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (parts.isEmpty() && !ended) {
                wait(millisLeft());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (failure != null) {
            throw new IOException("the answer broke off", failure);
        }
        var part = parts.peek();
        if (part == null) {
            return -1;
        }
        int taken = Math.min(length, part.length() - position);
        part.getBytes(position, position + taken, to, offset);
        position += taken;
        if (position == part.length()) {
            parts.remove();
            position = 0;
            held -= part.length();
            drained();
        }
        return taken;
    }

    private void drained() {
        var handler = whenDrained;
        var context = eventLoop;
        if (handler != null && context != null && held < ROOM) {
            whenDrained = null;
            context.runOnContext(handler);
        }
    }
}
