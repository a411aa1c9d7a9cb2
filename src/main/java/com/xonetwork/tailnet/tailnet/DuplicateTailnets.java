package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.TailnetPlace;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds two Tailnets that stand for one tailnet: two writers of the same policy and devices would fight for ever. The older
 * one goes on, the younger one stops.
 *
 * <p>A Tailnet counts as the older owner only while it has proved its credentials: its control plane has answered with a list on
 * its present connection. Otherwise anybody could stop a Tailnet of another namespace with one that only names the same place. It is
 * judged by how it is connected, not by what its spec says, and anew at every look. While it tries other credentials it counts for some
 * minutes on those that it had: else its duplicate would write in between.
 */
final class DuplicateTailnets {

    private static final Comparator<Tailnet> AGE = Comparator.comparing(
                    (Tailnet tailnet) -> String.valueOf(tailnet.getMetadata().getCreationTimestamp()))
            .thenComparing(tailnet -> tailnet.getMetadata().getNamespace())
            .thenComparing(tailnet -> tailnet.getMetadata().getName());

    /** A first answer takes some calls, each of which can time out. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final SnapshotStore snapshots;
    private final PerTailnet<Instant> waitingSince;
    /** Duplicates told by their devices: a stopped Tailnet has no devices to tell it by again. */
    private final PerTailnet<Found> found;
    /** When each owner was last seen to be one, and how it was connected then. */
    private final PerTailnet<Proof> proofs;

    DuplicateTailnets(SnapshotStore snapshots) {
        this.snapshots = snapshots;
        this.waitingSince = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
        this.found = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
        this.proofs = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
    }

    /** How a Tailnet stands among the older ones that name the same place. */
    sealed interface Verdict {
        /** No older one stands in the way. @param lookAgain whether one could come to: it has not proved its credentials yet */
        record Alone(boolean lookAgain) implements Verdict {}

        /** An older one has proved that the tailnet is its own. */
        record Younger(TailnetKey older) implements Verdict {}

        /** An older one has not been asked yet since the operator started: which of the two goes on is known in a moment. */
        record Undecided() implements Verdict {}
    }

    /**
     * @param settings of the Tailnet, which it is connected with or is about to be
     * @param all Tailnets that there are
     */
    Verdict judge(Tailnet tailnet, ControlPlaneSettings settings, Stream<Tailnet> all) {
        var key = TailnetKey.of(tailnet);
        var rivals = all.filter(other -> AGE.compare(other, tailnet) < 0)
                .filter(other -> !other.isMarkedForDeletion())
                .filter(other -> mayBeSame(place(other), TailnetPlace.of(settings)))
                .sorted(AGE)
                .toList();
        var owner = rivals.stream()
                .filter(other -> isOwner(key, settings, other))
                .map(TailnetKey::of)
                .findFirst();
        if (owner.isPresent()) {
            return new Verdict.Younger(owner.get());
        }
        var unproven = rivals.stream()
                .filter(other -> !snapshots.view(TailnetKey.of(other)).proven())
                .toList();
        return unproven.stream().anyMatch(other -> isAboutToTell(other, settings)) && mayWait(key)
                ? new Verdict.Undecided()
                : new Verdict.Alone(!unproven.isEmpty());
    }

    /** @param at by the steady clock */
    private record Proof(ControlPlaneSettings settings, Instant at) {}

    private boolean isOwner(TailnetKey tailnet, ControlPlaneSettings settings, Tailnet older) {
        var key = TailnetKey.of(older);
        var view = snapshots.view(key);
        if (view.proven()) {
            var theirs = view.settings().orElseThrow();
            proofs.put(key, new Proof(theirs, snapshots.steady().instant()));
            return isSame(tailnet, settings, key, theirs);
        }
        return proofs.get(key)
                .filter(proof -> isTryingOthers(older, view, proof))
                .filter(proof -> isSame(tailnet, settings, key, proof.settings()))
                .isPresent();
    }

    /** Until they are refused, and not for ever: nothing that is not proved anew holds a tailnet. */
    private boolean isTryingOthers(Tailnet older, TailnetView view, Proof proof) {
        return !older.getSpec().suspend()
                && !(view.trouble() instanceof ControlPlaneException.Unauthorized)
                && !(view.trouble() instanceof ControlPlaneException.Forbidden)
                && snapshots.steady().instant().isBefore(proof.at().plus(LONGEST_WAIT));
    }

    /** It was not asked yet since the start, and is certain to be the same if its credentials are good. */
    private boolean isAboutToTell(Tailnet other, ControlPlaneSettings settings) {
        var view = snapshots.view(TailnetKey.of(other));
        return view.isPending()
                && !other.getSpec().suspend()
                && view.settings()
                        .map(theirs -> TailnetPlace.isSameTailnet(theirs, settings))
                        .orElseGet(() -> place(other).equals(TailnetPlace.of(settings))
                                && !place(other).dependsOnCredentials());
    }

    /** Not for ever: whoever makes a Tailnet that never gets as far as a first answer would stop this one. */
    private boolean mayWait(TailnetKey tailnet) {
        var steady = snapshots.steady();
        var since = waitingSince.getOrMake(tailnet, steady::instant);
        return steady.instant().isBefore(since.plus(LONGEST_WAIT));
    }

    private static boolean mayBeSame(TailnetPlace one, TailnetPlace other) {
        return one.host().equals(other.host())
                && (one.tailnet().equals(other.tailnet())
                        || one.tailnet().equals("-")
                        || other.tailnet().equals("-"));
    }

    /** Where it is connected to, which is not yet what its spec says when that has just changed; else what the spec says. */
    private TailnetPlace place(Tailnet tailnet) {
        var spec = tailnet.getSpec();
        return snapshots
                .view(TailnetKey.of(tailnet))
                .settings()
                .map(TailnetPlace::of)
                .orElseGet(() -> spec.tailscale() != null
                        ? TailnetPlace.of(
                                spec.tailscale().url(), spec.tailscale().tailnet())
                        : TailnetPlace.of(
                                spec.headscale() == null ? "" : spec.headscale().url(), "-"));
    }

    /** @param theirs the older one's settings when the device was seen in both */
    private record Found(TailnetKey older, ControlPlaneSettings theirs, ControlPlaneSettings ours) {}

    /** @param theirs with which the other one proved that it is an owner */
    private boolean isSame(
            TailnetKey tailnet, ControlPlaneSettings settings, TailnetKey other, ControlPlaneSettings theirs) {
        if (TailnetPlace.isSameTailnet(theirs, settings)) {
            return true;
        }
        // "-" and a tailnet's name, or two credentials: the devices tell whether it is one tailnet.
        if (snapshots.shareDevice(tailnet, other)) {
            found.put(tailnet, new Found(other, theirs, settings));
        }
        return found.get(tailnet)
                .filter(evidence -> evidence.older().equals(other)
                        && evidence.ours().equals(settings)
                        && isOneTailnet(evidence.theirs(), theirs))
                .isPresent();
    }

    /** What the devices told of the older one is true until it is connected elsewhere. */
    private static boolean isOneTailnet(ControlPlaneSettings then, ControlPlaneSettings now) {
        return Objects.equals(then, now) || TailnetPlace.isSameTailnet(then, now);
    }
}
