package com.xonetwork.tailnet.document;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps one kind of document as each Tailnet wants it: its policy file, for example. The same for all kinds:
 *
 * <ol>
 *   <li>The poller has read the document, and the kind's planner compares what it should say with what the view knows.
 *   <li>A document that is already as wanted is claimed without a write.
 *   <li>Another one is written on the view's connection, under the plan's condition.
 *   <li>Only then is it claimed: a claim to a document that proves to be somebody else's would let the next round overwrite it.
 *   <li>What was stored stands in the view until a poll that began later says otherwise. After a conflict the document is read again
 *       at once, which wakes the Tailnet: the next plan decides on what is there.
 *   <li>A write that failed is not repeated before its time; another one is tried at once, and so is the same one over another
 *       connection.
 * </ol>
 *
 * @param <T> the document as the control plane stores it
 * @param <C> what must be true for a write
 */
public final class TailnetDocument<T, C> {

    private final DocumentKind<T> kind;
    private final SnapshotStore snapshots;
    private final SnapshotPoller poller;
    private final Backoff backoff;
    private final PerTailnet<Pause<C>> pauses;

    /**
     * What the documents of all kinds are kept with.
     *
     * @param steady a clock that nobody sets
     * @param rejectedRetry how long a write rests that only somebody's change can make succeed
     */
    public record Keeping(SnapshotStore snapshots, SnapshotPoller poller, Clock steady, Duration rejectedRetry) {}

    public TailnetDocument(DocumentKind<T> kind, Keeping keeping) {
        this.kind = kind;
        this.snapshots = keeping.snapshots();
        this.poller = keeping.poller();
        this.backoff = new Backoff(keeping.steady(), keeping.rejectedRetry());
        // Other credentials may succeed at once.
        this.pauses = new PerTailnet<>(PerTailnet.About.CONNECTION, snapshots);
    }

    private record Pause<C>(FailedWrite<C> failed, Backoff.Rest rest) {}

    /** The failed write that is not to be tried again yet: the planner asks for no other of the same. */
    public Optional<RestingWrite<C>> resting(TailnetKey tailnet) {
        return pauses.get(tailnet)
                .flatMap(pause -> backoff.left(pause.rest()).map(left -> new RestingWrite<>(pause.failed(), left)));
    }

    /**
     * Claims or writes, if the plan says so.
     *
     * @param view that the plan was made on: what it wants is done on that view's connection
     * @return empty when nothing was written
     */
    public <P extends DocumentPlan<C>> Optional<DocumentOutcome<C>> perform(
            TailnetKey tailnet, TailnetView view, P plan, DocumentSteps<T, P> steps) {
        plan.takenOver().ifPresent(steps::claim);
        var publication = plan.publication();
        var controlPlane = view.controlPlane();
        if (publication.isEmpty() || controlPlane.isEmpty()) {
            return Optional.empty();
        }
        var write = publication.get();
        var failure = write(tailnet, view, write, () -> steps.write(controlPlane.get(), plan));
        steps.tried(failure);
        if (failure.isEmpty()) {
            steps.claim(write.hash());
            steps.published(plan);
        } else if (failure.get() instanceof ControlPlaneException.Conflict) {
            poller.refresh(tailnet, kind);
        }
        return Optional.of(new DocumentOutcome<>(snapshots.view(tailnet), resting(tailnet)));
    }

    /** @return what went wrong, if anything */
    private Optional<ControlPlaneException> write(
            TailnetKey tailnet, TailnetView view, DocumentPlan.Write<C> write, Supplier<T> call) {
        try {
            var stored = call.get();
            pauses.forget(tailnet);
            snapshots.documentWritten(tailnet, view.epoch(), kind, stored);
            return Optional.empty();
        } catch (ControlPlaneException e) {
            remember(tailnet, write, e);
            return Optional.of(e);
        }
    }

    private void remember(TailnetKey tailnet, DocumentPlan.Write<C> write, ControlPlaneException failure) {
        pauses.change(tailnet, before -> {
            var same = before != null && before.failed().isOf(write) ? before.rest() : null;
            // Only the next read tells what is in force after a conflict. Until then the failed write is the proof that
            // the
            // document is not what it was to replace.
            var rest = failure instanceof ControlPlaneException.Conflict
                    ? backoff.afterRefusal(same)
                    : backoff.after(same, failure);
            return new Pause<>(new FailedWrite<>(write.hash(), write.condition(), failure), rest);
        });
    }
}
