package com.xonetwork.tailnet.webhook;

import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.IpForwardingReports.Role;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.webhook.WebhookEvents.WebhookEvent;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides about each delivery. In this order: the form of its signature, the signature, its time, whether it came before; only
 * then is the body read. A tailnet that takes no deliveries answers as one whose signature is wrong.
 */
final class WebhookDeliveries {

    private static final int MOST_REMEMBERED = 10_000;
    private static final String POLICY_UPDATE = "policyUpdate";
    private static final Map<String, Role> FORWARDING_OFF = Map.of(
            "subnetIPForwardingNotEnabled", Role.SUBNET_ROUTER, "exitNodeIPForwardingNotEnabled", Role.EXIT_NODE);

    private final Map<TailnetKey, WebhookSecrets> secrets = new ConcurrentHashMap<>();
    private final SignatureVerifier verifier = new SignatureVerifier();
    private final ReplayCache replays = new ReplayCache(MOST_REMEMBERED);
    private final WebhookEvents reader = new WebhookEvents();
    private final PollHints hints;
    private final SnapshotStore snapshots;
    private final IpForwardingReports reports;
    private final Clock clock;

    WebhookDeliveries(PollHints hints, SnapshotStore snapshots, IpForwardingReports reports, Clock clock) {
        this.hints = hints;
        this.snapshots = snapshots;
        this.reports = reports;
        this.clock = clock;
    }

    void follow(TailnetKey tailnet, WebhookSecrets values) {
        secrets.put(tailnet, values);
    }

    void forget(TailnetKey tailnet) {
        secrets.remove(tailnet);
        hints.forget(tailnet);
        reports.forget(tailnet);
    }

    boolean isIdle() {
        return secrets.isEmpty();
    }

    /** @param signatureHeader null when there is none */
    WebhookOutcome receive(TailnetKey tailnet, @Nullable String signatureHeader, byte[] body) {
        return WebhookSignature.parse(signatureHeader)
                .map(signature -> receive(tailnet, signature, body))
                .orElse(WebhookOutcome.MALFORMED);
    }

    private WebhookOutcome receive(TailnetKey tailnet, WebhookSignature signature, byte[] body) {
        var now = clock.instant();
        return switch (verifier.verify(signature, body, secrets.get(tailnet), now)) {
            case FORGED -> WebhookOutcome.FORGED;
            case STALE -> WebhookOutcome.STALE;
            case GENUINE ->
                replays.isFirst(tailnet, signature.timestamp(), body, now)
                        ? take(tailnet, reader.read(body))
                        : WebhookOutcome.DUPLICATE;
        };
    }

    private WebhookOutcome take(TailnetKey tailnet, Optional<List<WebhookEvent>> read) {
        if (read.isEmpty()) {
            return WebhookOutcome.MALFORMED;
        }
        var events = read.get();
        for (var event : events) {
            var role = FORWARDING_OFF.get(event.type());
            if (role != null && !event.nodeId().isEmpty()) {
                reports.reported(tailnet, event.nodeId(), role);
                snapshots.noticed(tailnet, event.nodeId());
            }
        }
        // Whatever it says, and also a test: the look that follows finds out what is true.
        hints.hint(tailnet, events.stream().anyMatch(event -> event.type().equals(POLICY_UPDATE)));
        return WebhookOutcome.ACCEPTED;
    }
}
