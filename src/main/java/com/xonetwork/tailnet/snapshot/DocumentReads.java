package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of one tailnet, each in its own interval, over one connection. The poller's thread reads; others say that a
 * document is due.
 */
final class DocumentReads {

    private static final Logger LOG = Logger.getLogger(DocumentReads.class);

    private final TailnetKey tailnet;
    private final ControlPlane controlPlane;
    private final SnapshotStore store;
    private final MemoryBudget memory;
    private final Consumer<Runnable> tell;
    private final Map<DocumentKind<?>, Instant> readAt = new HashMap<>();
    private final Map<DocumentKind<?>, MemoryBudget.Share> kept = new HashMap<>();

    /** @param tell runs news while the connection lasts, and drops them after its end */
    DocumentReads(
            TailnetKey tailnet,
            ControlPlane controlPlane,
            SnapshotStore store,
            MemoryBudget memory,
            Consumer<Runnable> tell) {
        this.tailnet = tailnet;
        this.controlPlane = controlPlane;
        this.store = store;
        this.memory = memory;
        this.tell = tell;
    }

    /** The next poll reads them, whatever their interval. */
    synchronized void due(Collection<DocumentKind<?>> kinds) {
        readAt.keySet().removeAll(kinds);
    }

    /** The next poll reads all that are read at all. */
    synchronized void allDue() {
        readAt.clear();
    }

    /**
     * Reads what is due.
     *
     * @param intervals of the documents that anybody wants to know: the others are unknown from now on
     */
    void read(Map<DocumentKind<?>, Duration> intervals) {
        var wanted = new HashSet<DocumentKind<?>>(intervals.keySet());
        wanted.removeIf(kind -> !kind.isOffered(controlPlane));
        keepOnly(wanted);
        wanted.forEach(kind -> read(kind, intervals.getOrDefault(kind, Duration.ZERO)));
    }

    private void keepOnly(Set<DocumentKind<?>> wanted) {
        synchronized (this) {
            readAt.keySet().retainAll(wanted);
        }
        tell.accept(() -> {
            store.documentsWatched(tailnet, wanted);
            giveBackAllBut(wanted);
        });
    }

    private <T> void read(DocumentKind<T> kind, Duration interval) {
        var startedAt = store.steady().instant();
        if (!begin(kind, interval, startedAt)) {
            return;
        }
        try {
            var document = kind.read(controlPlane);
            var share =
                    memory.open(tailnet.namespace(), document.map(kind::weight).orElse(0L), kind.toString());
            tell.accept(() -> {
                store.documentRead(tailnet, kind, document, startedAt);
                keep(kind, share);
            });
            giveBackUnlessKept(kind, share);
        } catch (ControlPlaneException e) {
            LOG.debugf("%s of tailnet %s could not be read: %s", kind, tailnet, e.getMessage());
            // Nothing can be published on what is not known: try again with the next poll, not after the whole
            // interval.
            due(Set.of(kind));
            tell.accept(() -> store.documentReadFailed(tailnet, kind, e));
        }
    }

    /** @return false while it is not due */
    private synchronized boolean begin(DocumentKind<?> kind, Duration interval, Instant now) {
        var before = readAt.get(kind);
        if (before != null && now.isBefore(before.plus(interval))) {
            return false;
        }
        readAt.put(kind, now);
        return true;
    }

    private synchronized void keep(DocumentKind<?> kind, MemoryBudget.Share share) {
        giveBack(kept.put(kind, share));
    }

    private synchronized void giveBackUnlessKept(DocumentKind<?> kind, MemoryBudget.Share share) {
        if (!share.equals(kept.get(kind))) {
            share.close();
        }
    }

    private synchronized void giveBackAllBut(Set<DocumentKind<?>> wanted) {
        kept.entrySet().removeIf(entry -> {
            var goes = !wanted.contains(entry.getKey());
            if (goes) {
                entry.getValue().close();
            }
            return goes;
        });
    }

    /** The connection has ended. */
    void giveBack() {
        giveBackAllBut(Set.of());
    }

    private static void giveBack(MemoryBudget.@Nullable Share share) {
        if (share != null) {
            share.close();
        }
    }
}
