package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.observability.PolicyMetrics;
import com.xonetwork.tailnet.policy.PolicyInput.FailedPublication;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes policies, and remembers failed publications so that the same one is not repeated at every event. */
public final class PolicyEffects {

    private final SnapshotStore snapshots;
    private final SnapshotPoller poller;
    private final EventRecorder events;
    private final PolicyMetrics metrics;
    private final Clock steady;
    private final Duration rejectedRetry;
    private final PerTailnet<Entry> failures;
    private final PerTailnet<PolicyForesight> foresights;

    /** @param steady a clock that nobody sets */
    public PolicyEffects(
            SnapshotStore snapshots,
            SnapshotPoller poller,
            EventRecorder events,
            PolicyMetrics metrics,
            Clock steady,
            Duration rejectedRetry) {
        this.snapshots = snapshots;
        this.poller = poller;
        this.events = events;
        this.metrics = metrics;
        this.steady = steady;
        this.rejectedRetry = rejectedRetry;
        // Other credentials may succeed at once.
        this.failures = new PerTailnet<>(PerTailnet.About.CONNECTION, snapshots);
        this.foresights = new PerTailnet<>(PerTailnet.About.TAILNET, snapshots);
    }

    private record Entry(FailedPublication failed, Instant nextTry) {}

    /**
     * Plans, publishes if the plan says so, and plans again on what came of it.
     *
     * @param gather makes the input, given the failed publication that is not to be repeated yet
     * @param claim notes that the policy is this Tailnet's from now on, and its hash: a claim to a policy that then proves to be somebody
     *     else's would let the next round overwrite it
     */
    public PolicyPlan sync(
            TailnetKey tailnet,
            HasMetadata about,
            Function<@Nullable FailedPublication, PolicyInput> gather,
            Consumer<String> claim) {
        var foresight = foresights.getOrMake(tailnet, PolicyForesight::new);
        var input = gather.apply(failed(tailnet));
        var plan = PolicyPlanner.plan(input, foresight);
        if (plan.takesOver() && plan.status() != null && plan.status().mergedHash() != null) {
            claim.accept(plan.status().mergedHash());
        }
        var controlPlane = input.view().controlPlane();
        if (plan.publication().isEmpty() || controlPlane.isEmpty()) {
            return plan;
        }
        var publication = plan.publication().get();
        var failure = publish(tailnet, input.view(), controlPlane.get(), publication);
        metrics.sent(tailnet, failure);
        if (failure.isEmpty()) {
            claim.accept(publication.hash());
            events.normal(about, "PolicyPublished", "published the merged policy " + publication.hash());
        } else if (failure.get() instanceof ControlPlaneException.Conflict) {
            poller.refresh(tailnet, DocumentKind.POLICY);
        }
        return PolicyPlanner.plan(gather.apply(failed(tailnet)), foresight);
    }

    /** The failed publication that is not to be tried again yet; null when there is none. */
    private @Nullable FailedPublication failed(TailnetKey tailnet) {
        return failures.get(tailnet)
                .filter(entry -> entry.nextTry().isAfter(steady.instant()))
                .map(Entry::failed)
                .orElse(null);
    }

    /** When a failed publication may be tried again. */
    public Optional<Duration> nextTry(TailnetKey tailnet) {
        return failures.get(tailnet)
                .map(entry -> Duration.between(steady.instant(), entry.nextTry()))
                .filter(Duration::isPositive);
    }

    /**
     * Has the control plane check the policy where it can, then publishes it. Where it cannot, publishing itself is the
     * check: a refused policy leaves the one in force.
     *
     * @return what went wrong, if anything
     */
    private Optional<ControlPlaneException> publish(
            TailnetKey tailnet, TailnetView view, ControlPlane controlPlane, Publication publication) {
        try {
            var file = controlPlane.require(PolicyFile.class);
            if (controlPlane.capabilities().contains(Capability.POLICY_VALIDATE)) {
                var problems = file.validate(publication.text());
                if (!problems.isEmpty()) {
                    throw new ControlPlaneException.Rejected(200, String.join("; ", problems));
                }
            }
            var stored = file.publish(publication.text(), publication.precondition());
            failures.forget(tailnet);
            snapshots.documentWritten(tailnet, view.epoch(), DocumentKind.POLICY, stored);
            return Optional.empty();
        } catch (ControlPlaneException e) {
            remember(tailnet, publication, e);
            return Optional.of(e);
        }
    }

    private void remember(TailnetKey tailnet, Publication publication, ControlPlaneException failure) {
        failures.change(tailnet, before -> {
            var count = before != null && before.failed().isOf(publication)
                    ? before.failed().count() + 1
                    : 1;
            return new Entry(
                    new FailedPublication(publication.hash(), publication.precondition(), failure, count),
                    steady.instant().plus(pause(failure, count)));
        });
    }

    private Duration pause(ControlPlaneException failure, int count) {
        return switch (failure) {
            case ControlPlaneException.RateLimited limited -> limited.retryAfter();
            case ControlPlaneException.Unavailable e -> JitteredRetry.delay(count);
            case ControlPlaneException.TooLarge e -> JitteredRetry.delay(count);
            case ControlPlaneException.ConnectionEnded e -> JitteredRetry.delay(1);
            case ControlPlaneException.NotFound e -> JitteredRetry.delay(count + 3);
            case ControlPlaneException.Unauthorized e -> JitteredRetry.delay(count + 3);
            // Another policy is in force: the next read brings its ETag, and with it another publication.
            case ControlPlaneException.Conflict e -> rejectedRetry;
            case ControlPlaneException.Forbidden e -> rejectedRetry;
            case ControlPlaneException.Rejected e -> rejectedRetry;
            case ControlPlaneException.NotSupported e -> rejectedRetry;
        };
    }
}
