package com.xonetwork.tailnet.controlplane;

import java.util.HashMap;
import java.util.Map;

/**
 * The memory that control planes' answers may take, those that arrive and those that are kept (device lists, policy files): of all
 * Tailnets together, and of those of one namespace. Whoever may write a Tailnet says which control plane answers, and with how much: without a bound the process ends for
 * everybody.
 */
public final class MemoryBudget {

    private final long ofAll;
    private final long ofOneNamespace;
    private final Map<String, Long> taken = new HashMap<>();
    private long all;

    /** In bytes. */
    public MemoryBudget(long ofAll, long ofOneNamespace) {
        this.ofAll = ofAll;
        this.ofOneNamespace = ofOneNamespace;
    }

    /** What leaves room for the rest of the operator: of the chart's 192 MiB, 76 MiB, and 48 MiB for one namespace. */
    public static MemoryBudget ofHeap(long bytes) {
        return new MemoryBudget(bytes * 2 / 5, bytes / 4);
    }

    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** A part that grows, and is given back as a whole. */
    public Share open(String namespace) {
        return new Share(namespace);
    }

    /**
     * A part of a known size.
     *
     * @param what it is for, for the message
     * @throws ControlPlaneException.Unavailable when there is no room for it
     */
    public Share open(String namespace, long bytes, String what) {
        var share = open(namespace);
        if (!share.take(bytes)) {
            throw new ControlPlaneException.Unavailable(200, noRoom(what), null);
        }
        return share;
    }

    /** What users are told. @param what does not fit */
    public static String noRoom(String what) {
        return what
                + " does not fit into the memory that the control planes' answers to this namespace, or to all, may take. Give the"
                + " operator more memory, or connect fewer or smaller tailnets";
    }

    private synchronized boolean take(String namespace, long bytes) {
        var own = taken.getOrDefault(namespace, 0L);
        if (own > ofOneNamespace - bytes || all > ofAll - bytes) {
            return false;
        }
        taken.put(namespace, own + bytes);
        all += bytes;
        return true;
    }

    private synchronized void giveBack(String namespace, long bytes) {
        taken.computeIfPresent(namespace, (same, own) -> own <= bytes ? null : own - bytes);
        all -= bytes;
    }

    /** What one list has of the budget. */
    public final class Share implements AutoCloseable {
        private final String namespace;
        private long bytes;
        private boolean closed;

        private Share(String namespace) {
            this.namespace = namespace;
        }

        /** @return false when there is no room for so many bytes more */
        public synchronized boolean take(long more) {
            if (closed || !MemoryBudget.this.take(namespace, more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        /** Gives all of it back. Idempotent. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                giveBack(namespace, bytes);
            }
        }
    }
}
