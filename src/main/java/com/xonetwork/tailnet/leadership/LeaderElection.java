package com.xonetwork.tailnet.leadership;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in the election, with Fabric8's elector. The SDK's own (5.3.2) neither gives the Lease back on SIGTERM nor ends its
 * work before it would.
 */
public final class LeaderElection implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LeaderElection.class);
    private static final Duration WATCH = Duration.ofMillis(500);

    private final KubernetesClient kubernetes;
    private final Settings settings;
    private final Clock clock;
    private final Leadership leadership;
    private final AtomicBoolean over = new AtomicBoolean();
    /** Renewals wait for nobody's work. */
    private final ExecutorService calls = Executors.newCachedThreadPool(LeaderElection::thread);

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(LeaderElection::thread);
    private @Nullable CompletableFuture<?> election;

    /**
     * @param namespace of the Lease
     * @param lease its name
     * @param self this process
     * @param leaseDuration how long others wait after a renewal
     * @param renewDeadline after a renewal, when this process gives itself up; shorter
     * @param renewPeriod between two renewals
     * @param retryPeriod between two looks of a standby; half as much again on average
     */
    public record Settings(
            String namespace,
            String lease,
            Replica self,
            Duration leaseDuration,
            Duration renewDeadline,
            Duration renewPeriod,
            Duration retryPeriod) {}

    /** Told once each. */
    public interface Listener {
        /** The Lease is this process's. Called on a thread of the listener's own. */
        void won();

        /** The Lease is, or may be, another's: nothing may be written any more. */
        void lost();
    }

    public LeaderElection(KubernetesClient kubernetes, Settings settings, Clock clock, Leadership leadership) {
        this.kubernetes = kubernetes;
        this.settings = settings;
        this.clock = clock;
        this.leadership = leadership;
    }

    /** Takes part from now on; returns at once. */
    public void start(Listener listener) {
        var lock = new ObservedLock(
                new LeaseLock(
                        settings.namespace(), settings.lease(), settings.self().identity()),
                clock,
                leadership);
        var callbacks = new LeaderCallbacks(
                () -> {
                    leadership.won();
                    LOG.infof("%s is the leader", settings.self().name());
                    calls.execute(listener::won);
                },
                () -> lose(listener),
                holder -> LOG.debugf("the Lease is held by %s", holder));
        election = new LeaderElectorBuilder(kubernetes, calls)
                .withConfig(new Config(lock, callbacks))
                .build()
                .start();
        LOG.infof(
                "%s waits for the Lease %s in namespace %s",
                settings.self().name(), settings.lease(), settings.namespace());
        // A renewal that hangs ends no sooner than its call; a process that was paused looks here first.
        watch.scheduleWithFixedDelay(
                () -> {
                    if (!leadership.mayWrite()) {
                        lose(listener);
                    }
                },
                WATCH.toMillis(),
                WATCH.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void lose(Listener listener) {
        if (over.compareAndSet(false, true)) {
            listener.lost();
        }
    }

    /** Gives the Lease back, if it is this process's, so that another can have it at once. */
    @Override
    public void close() {
        over.set(true);
        watch.shutdownNow();
        if (election != null) {
            election.cancel(true);
        }
        calls.shutdown();
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "leader-election");
        thread.setDaemon(true);
        return thread;
    }

    /** A leader renews less often than a standby looks: the one is a write, the other decides how long nobody leads. */
    private final class Config extends LeaderElectionConfig {

        Config(Lock lock, LeaderCallbacks callbacks) {
            super(
                    lock,
                    settings.leaseDuration(),
                    settings.renewDeadline(),
                    settings.retryPeriod(),
                    callbacks,
                    true,
                    settings.lease());
        }

        @Override
        public Duration getRetryPeriod() {
            return leadership.leads() ? settings.renewPeriod() : settings.retryPeriod();
        }
    }
}
