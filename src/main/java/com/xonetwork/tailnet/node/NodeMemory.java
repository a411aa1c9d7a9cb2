package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.node.NodeInput.HeldKey;
import com.xonetwork.tailnet.node.NodeInput.Poll;
import com.xonetwork.tailnet.node.NodeInput.Remembered;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What looks at a node leave behind for later ones: {@link NodeGatherer} reads it, {@link NodeEffects} writes it. Lost on a restart, which
 * costs a call or two for each node.
 */
final class NodeMemory {

    private final Backoff backoff;
    private final WriteMemory writes;
    private final DriftMemory drift;
    /** The connection on which drift was seen: of another one's devices nothing was wanted before. */
    private final PerResource<Long> epochs = new PerResource<>();
    /** Which device each node stood for, at the last look that knew. */
    private final PerResource<String> devices = new PerResource<>();

    private final PerResource<FailedKey> failedKeys = new PerResource<>();
    private final PerResource<Poll> joinedIn = new PerResource<>();
    /** The last run after whose end the devices were listed at once. */
    private final PerResource<String> listedAfter = new PerResource<>();

    /** @param steady a clock that nobody sets */
    NodeMemory(Clock steady, Duration rejectedRetry) {
        this.backoff = new Backoff(steady, rejectedRetry);
        this.writes = new WriteMemory(steady, rejectedRetry);
        this.drift = new DriftMemory(steady);
    }

    /** After a failure: events must not turn one refusal into a storm of calls. @param of what failed; other wishes are tried */
    record FailedKey(Backoff.Rest rest, Fact fact, String of) {}

    /** @param view that the node is looked at on. Drift of another connection is forgotten */
    Remembered recall(TailnetNode node, TailnetView view) {
        if (!epochs.get(node).equals(Optional.of(view.epoch()))) {
            drift.forget(uid(node));
            epochs.put(node, view.epoch());
        }
        return new Remembered(
                drift.known(uid(node)),
                held(node, view),
                devices.get(node).orElse(null),
                joinedIn.get(node).orElse(null),
                failedKeys
                        .get(node)
                        .map(failed -> new HeldKey(failed.of(), failed.fact(), backoff.left(failed.rest())))
                        .orElse(null),
                listedAfter.get(node).orElse(null));
    }

    /** Writes that are not to be tried again yet. */
    WriteMemory.Held held(TailnetNode node, TailnetView view) {
        return writes.held(uid(node), circumstances(node, view));
    }

    /** @param view that the writes were decided on */
    void wrote(TailnetNode node, TailnetView view, DeviceEffects.Outcome outcome) {
        writes.remember(uid(node), circumstances(node, view), outcome);
    }

    /**
     * What the control plane refuses now it may take under another policy, over another connection, or when another device has gone
     * that had the name, or has another name now.
     */
    private static String circumstances(TailnetNode node, TailnetView view) {
        var policy = view.document(DocumentKind.POLICY).document();
        var hostname = node.getSpec().hostname();
        var called = hostname == null
                ? ""
                : view.usableDevices().stream()
                        .flatMap(devices -> devices.called(hostname).stream())
                        .map(device -> device.id() + "=" + device.name())
                        .sorted()
                        .collect(Collectors.joining(","));
        return (policy == null ? "" : policy.etag()) + " " + view.epoch() + " " + called;
    }

    DriftMemory drift() {
        return drift;
    }

    /** @param isAnother than before: nobody has changed what was never wanted of it */
    void standsFor(TailnetNode node, String device, boolean isAnother) {
        if (isAnother) {
            drift.forget(uid(node));
        }
        devices.put(node, device);
    }

    void joinedIn(TailnetNode node, Poll poll) {
        joinedIn.put(node, poll);
    }

    PerResource<FailedKey> failedKeys() {
        return failedKeys;
    }

    Backoff backoff() {
        return backoff;
    }

    void listedAfter(TailnetNode node, String run) {
        listedAfter.put(node, run);
    }

    void forget(TailnetNode node) {
        writes.forget(uid(node));
        drift.forget(uid(node));
        epochs.forget(node);
        devices.forget(node);
        failedKeys.forget(node);
        joinedIn.forget(node);
        listedAfter.forget(node);
    }

    private static String uid(TailnetNode node) {
        return node.getMetadata().getUid();
    }
}
