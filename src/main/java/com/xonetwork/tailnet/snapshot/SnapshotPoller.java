package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.TailnetPlace;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each watched tailnet once per interval and hands what it finds to the {@link SnapshotStore}. Never throws and
 * never keeps anything from starting: a tailnet that cannot be reached is a view with trouble.
 *
 * <p>Owned rather than JOSDK's {@code PollingEventSource}, whose first failing poll stops the operator from starting, and
 * which reads a failed fetch as "everything is gone" unless each caller guards against it.
 */
public final class SnapshotPoller implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SnapshotPoller.class);
    /** After failures the interval grows no further than this, unless it is longer by itself. */
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(60);

    private final ControlPlaneConnector connector;
    private final SnapshotStore store;
    private final Clock steady;
    private final CallShares shares;
    private final MemoryBudget memory;
    private final int mostDevices;
    private final Map<TailnetKey, Watch> watches = new ConcurrentHashMap<>();

    public SnapshotPoller(ControlPlaneConnector connector, SnapshotStore store, Clock steady) {
        this(connector, store, steady, CallShares.defaults(), MemoryBudget.unlimited(), Integer.MAX_VALUE);
    }

    /**
     * @param steady a clock that nobody sets, the store's: what is due is due by it
     * @param shares of the reconcilers' threads
     * @param memory that all lists together may take
     * @param mostDevices of one tailnet
     */
    public SnapshotPoller(
            ControlPlaneConnector connector,
            SnapshotStore store,
            Clock steady,
            CallShares shares,
            MemoryBudget memory,
            int mostDevices) {
        this.shares = shares;
        this.memory = memory;
        this.mostDevices = mostDevices;
        this.connector = connector;
        this.store = store;
        this.steady = steady;
    }

    /**
     * How a tailnet is to be looked at.
     *
     * @param interval between two device lists
     * @param maxAge of a list that decisions may rest on
     * @param documents to read, each with the interval between two reads
     * @param requested a user's mark: another value than before asks for a poll now
     */
    public record Plan(
            Duration interval,
            Duration maxAge,
            Map<DocumentKind<?>, Duration> documents,
            @Nullable String requested) {
        public Plan {
            documents = Map.copyOf(documents);
        }
    }

    /**
     * Makes sure that the tailnet is polled in this way. Equal arguments change nothing; other settings drop what is known
     * of capabilities and connect anew.
     *
     * @throws ControlPlaneException.Rejected when the settings break the connection rules
     */
    public void watch(TailnetKey tailnet, ControlPlaneSettings settings, Plan plan) {
        var current = watches.get(tailnet);
        if (current != null && current.settings.equals(settings)) {
            current.follow(plan);
            return;
        }
        var connection = new Connection(
                settings,
                connector.connect(settings, tailnet.namespace(), memory),
                new CallGate(tailnet.namespace(), shares, steady));
        var isSame = current != null && isSameTailnet(current.settings, settings);
        // Before the view gets the new one, so that no view speaks of one tailnet and no call of it reaches another.
        var former = end(tailnet);
        store.connected(tailnet, connection, isSame);
        store.setMaxAge(tailnet, plan.maxAge());
        var next = new Watch(tailnet, connection, plan);
        // The devices of a tailnet that stays the same are shown until they are listed anew, and take memory.
        if (isSame) {
            next.keep(former);
        } else {
            giveBack(former);
        }
        watches.put(tailnet, next);
        next.start();
    }

    /** Stops polling: from now on nothing is known of the tailnet. */
    public void stop(TailnetKey tailnet) {
        var former = end(tailnet);
        store.unwatched(tailnet);
        giveBack(former);
    }

    /** The Tailnet is gone: stops polling, and all that was remembered of it goes. */
    public void forget(TailnetKey tailnet) {
        var former = end(tailnet);
        store.forget(tailnet);
        giveBack(former);
    }

    /** @return the memory of the list that the view may still show */
    private MemoryBudget.@Nullable Share end(TailnetKey tailnet) {
        var watch = watches.remove(tailnet);
        return watch == null ? null : watch.end();
    }

    private static void giveBack(MemoryBudget.@Nullable Share share) {
        if (share != null) {
            share.close();
        }
    }

    /** The document turned out to be another than the one read: it is read again at once. */
    public void refresh(TailnetKey tailnet, DocumentKind<?> document) {
        var watch = watches.get(tailnet);
        if (watch != null) {
            watch.documents.due(Set.of(document));
            watch.wakeUp.release();
        }
    }

    /**
     * Something may have changed there: the next poll begins now. Not while polls fail: the rest after a failure is kept,
     * whatever is said meanwhile.
     *
     * @param documents that may have changed as well: the next poll reads them
     */
    public void pollSoon(TailnetKey tailnet, Set<DocumentKind<?>> documents) {
        var watch = watches.get(tailnet);
        if (watch == null) {
            return;
        }
        watch.documents.due(documents);
        if (watch.failures == 0) {
            watch.wakeUp.release();
        }
    }

    @Override
    public void close() {
        Set.copyOf(watches.keySet()).forEach(this::end);
    }

    private static boolean isSameTailnet(ControlPlaneSettings one, ControlPlaneSettings other) {
        return one.url().equals(other.url()) && TailnetPlace.isSameTailnet(one, other);
    }

    /** One tailnet's polling: a loop on a thread of its own, so that a slow control plane delays no other. */
    private final class Watch {
        private final TailnetKey tailnet;
        private final ControlPlaneSettings settings;
        private final Connection connection;
        private final ControlPlane controlPlane;
        private final Semaphore wakeUp = new Semaphore(0);
        private volatile Plan plan;
        private volatile boolean ended;
        private final CapabilityChecks capabilities;
        private MemoryBudget.@Nullable Share kept;
        private final DocumentReads documents;
        private volatile int failures;

        Watch(TailnetKey tailnet, Connection connection, Plan plan) {
            this.tailnet = tailnet;
            this.settings = connection.settings();
            this.connection = connection;
            this.controlPlane = connection.held();
            this.capabilities = new CapabilityChecks(controlPlane, steady);
            this.documents = new DocumentReads(tailnet, controlPlane, store, memory, this::tell);
            this.plan = plan;
        }

        void start() {
            Thread.ofVirtual().name("poll-" + tailnet).start(this::run);
        }

        void follow(Plan next) {
            if (!next.equals(plan)) {
                var requested = !Objects.equals(next.requested(), plan.requested());
                // A document that is wanted now, as with the first AclPolicy, should not wait for the next poll, nor a
                // shorter interval for a longer one's end.
                var sooner = requested
                        || !plan.documents()
                                .keySet()
                                .containsAll(next.documents().keySet())
                        || next.interval().compareTo(plan.interval()) < 0;
                if (requested) {
                    documents.allDue();
                }
                plan = next;
                store.setMaxAge(tailnet, next.maxAge());
                if (sooner) {
                    wakeUp.release();
                }
            }
        }

        MemoryBudget.@Nullable Share end() {
            synchronized (this) {
                ended = true;
            }
            wakeUp.release();
            connection.end();
            return handOver();
        }

        private synchronized MemoryBudget.@Nullable Share handOver() {
            var former = kept;
            kept = null;
            documents.giveBack();
            return former;
        }

        private void run() {
            try {
                while (!ended) {
                    var begun = store.now();
                    var rest = pollWhateverHappens();
                    if (wakeUp.tryAcquire(Math.max(rest.toMillis(), 1), TimeUnit.MILLISECONDS)) {
                        wakeUp.drainPermits();
                    }
                    ClockJumps.tell(tailnet, begun, store.now());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** An Error must not end the thread: nobody would look at the tailnet again, and nothing would say so. */
        private Duration pollWhateverHappens() {
            try {
                return poll();
            } catch (RuntimeException | Error e) {
                if (!ended) {
                    failures = failures + 1;
                    LOG.errorf(e, "the poll of tailnet %s was interrupted; retrying", tailnet);
                }
                return LONGEST_BACKOFF;
            }
        }

        /** @return how long from now the next is due */
        private Duration poll() {
            var begun = steady.instant();
            try {
                capabilities
                        .ask(failures > 0)
                        .ifPresent(found -> tell(() -> store.capabilitiesDetected(tailnet, found)));
                // Before the devices: who waits for the first list finds the policy known as well.
                documents.read(plan.documents());
                list(store.now());
                return plan.interval().minus(Duration.between(begun, steady.instant()));
            } catch (ControlPlaneException e) {
                failures = failures + 1;
                capabilities.failed(e);
                LOG.debugf("poll of tailnet %s failed (%d in a row): %s", tailnet, failures, e.getMessage());
                // An answer that says no tells the time too.
                compareClocks();
                tell(() -> store.listFailed(tailnet, e));
                return afterFailure(e);
            } catch (RuntimeException | Error e) {
                if (ended) {
                    // A connection that is closed under a call throws whatever it likes.
                    return plan.interval();
                }
                failures = failures + 1;
                LOG.errorf(e, "the poll of tailnet %s failed unexpectedly", tailnet);
                tell(() -> store.listFailed(
                        tailnet, new ControlPlaneException.Unavailable(0, "the device list could not be used", e)));
                return LONGEST_BACKOFF;
            }
        }

        private void list(Moment startedAt) {
            try (var intake = new ListIntake(memory, tailnet.namespace(), mostDevices)) {
                var devices = controlPlane.devices().list(intake);
                failures = 0;
                connection.answered();
                capabilities.listed(devices);
                // Before the list: who waits for the first one finds this known as well.
                compareClocks();
                tell(() -> {
                    // What is not believed is not shown: the memory of the former list stays taken.
                    if (store.listed(tailnet, devices, startedAt)) {
                        keep(intake.keep());
                    }
                });
            }
        }

        private void compareClocks() {
            controlPlane.clockSkew().ifPresent(skew -> tell(() -> store.clockCompared(tailnet, skew)));
        }

        /** Of the list that the view shows from now on; the former one's is given back. */
        private synchronized void keep(MemoryBudget.@Nullable Share share) {
            if (kept != null) {
                kept.close();
            }
            kept = share;
        }

        /** A stopped watch has nothing to tell: its answers may be those of former credentials. */
        private synchronized void tell(Runnable news) {
            if (!ended) {
                news.run();
            }
        }

        private Duration afterFailure(ControlPlaneException failure) {
            var longest = plan.interval().compareTo(LONGEST_BACKOFF) > 0 ? plan.interval() : LONGEST_BACKOFF;
            var backoff = plan.interval().multipliedBy(1L << Math.min(failures - 1, 10));
            var capped = backoff.compareTo(longest) > 0 ? longest : backoff;
            // Spread, so that many tailnets behind one broken service do not come back in one moment.
            var jittered = Duration.ofMillis((long)
                    (capped.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble(0.5))));
            return failure instanceof ControlPlaneException.RateLimited limited
                            && limited.retryAfter().compareTo(jittered) > 0
                    ? limited.retryAfter()
                    : jittered;
        }
    }
}
