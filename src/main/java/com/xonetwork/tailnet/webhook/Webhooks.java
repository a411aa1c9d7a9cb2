package com.xonetwork.tailnet.webhook;

import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The webhooks of all tailnets. The port is open while at least one tailnet takes deliveries, and closed otherwise. Secrets are
 * in memory only: after a start, a delivery is refused until its Tailnet was reconciled, and the service repeats it later.
 */
public final class Webhooks implements AutoCloseable {

    private final WebhookDeliveries deliveries;
    private final WebhookReceiver receiver;

    /**
     * @param host address to listen on
     * @param port to listen on; 0 for any that is free
     * @param pollSpacing between two polls of one tailnet that deliveries cause
     */
    public record Settings(String host, int port, Duration pollSpacing) {}

    /** @param observer told of every request's outcome, for metrics */
    public Webhooks(
            Vertx vertx,
            Settings settings,
            SnapshotPoller poller,
            SnapshotStore snapshots,
            IpForwardingReports reports,
            Clock clock,
            Consumer<WebhookOutcome> observer) {
        var hints = new PollHints(
                (tailnet, policyToo) -> poller.pollSoon(tailnet, policyToo ? Set.of(DocumentKind.POLICY) : Set.of()),
                snapshots.steady(),
                settings.pollSpacing(),
                (delay, task) -> vertx.setTimer(Math.max(1, delay.toMillis()), _ -> task.run()));
        this.deliveries = new WebhookDeliveries(hints, snapshots, reports, clock);
        this.receiver = new WebhookReceiver(
                vertx, new WebhookReceiver.Address(settings.host(), settings.port()), deliveries, observer);
    }

    /**
     * Takes the tailnet's deliveries that are signed with one of these secrets, from now on.
     *
     * @return why none can arrive, in words for a user; empty when they can
     */
    public synchronized Optional<String> follow(TailnetKey tailnet, WebhookSecrets secrets) {
        deliveries.follow(tailnet, secrets);
        return receiver.open();
    }

    /** Takes no deliveries of the tailnet any more. */
    public synchronized void forget(TailnetKey tailnet) {
        deliveries.forget(tailnet);
        if (deliveries.isIdle()) {
            receiver.close();
        }
    }

    /** The port that is listened on; 0 while there is none. */
    public int port() {
        return receiver.port();
    }

    @Override
    public void close() {
        receiver.close();
    }
}
