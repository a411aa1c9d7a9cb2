package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Creates join keys: at most one live key for each holder, even if the operator crashes between any two steps.
 *
 * <p>A key can be read only in the answer that makes it, so a key that was made and not recorded is lost, and live. Hence the
 * order: list the holder's keys by their mark; revoke all but the one on record; make one; record it; and revoke it if that
 * fails. Whoever is stopped in between leaves one live key at most, which the next round finds by its mark and revokes before
 * it makes another. A service that carries out a request long after it broke off the connection can still make a second one:
 * that is found with the next look ({@link #LOOK_EVERY}), and no key lives longer than an hour.
 *
 * <p>Not for two threads with the same holder.
 */
public final class JoinKeyEffects {

    /** How long a key on record is believed to be usable without asking: it can be used up, or revoked by hand. */
    static final Duration LOOK_EVERY = Duration.ofMinutes(5);

    /** A Headscale key ends up to so much sooner than was asked for. */
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final JoinKeyRecords records;
    private final Clock clock;
    private final Clock steady;
    /** When a holder's keys were last listed. Lost with a restart, which costs one call for each. */
    private final PerResource<Instant> looked = new PerResource<>();

    /** @param steady a clock that nobody sets */
    public JoinKeyEffects(JoinKeyRecords records, Clock clock, Clock steady) {
        this.records = records;
        this.clock = clock;
        this.steady = steady;
    }

    /** @param isNew it was made just now */
    public record Issued(JoinKeyRecord key, boolean isNew) {}

    /**
     * Sees to it that there is a key as ordered, on record and usable. Makes no call to the control plane while that was seen
     * not long ago.
     *
     * @param tailnet URL and name of the tailnet behind the control plane. A key on record that is another tailnet's is left to
     *     run out there: what has its id here is somebody else's key
     * @throws ControlPlaneException from any of its calls: asking again is safe, whatever became of them
     * @throws JoinKeyRecords.NameTaken when the Secret is somebody else's: no key is made
     */
    public Issued issue(ControlPlane controlPlane, String tailnet, JoinKeyHolder holder, JoinKeyOrder order) {
        var found = records.find(holder).orElse(null);
        var recorded = found != null && found.isOf(tailnet) ? found : null;
        if (recorded != null && JoinKeyPlanner.isAsOrdered(order, recorded, clock.instant()) && wasLookedAt(holder)) {
            return new Issued(recorded, false);
        }
        looked.forget(holder.uid());
        var keys = controlPlane.require(JoinKeys.class);
        var plan = JoinKeyPlanner.plan(holder, order, recorded, keys.list(), clock.instant());
        plan.revoke().forEach(keys::revoke);
        if (recorded != null && plan.keep()) {
            looked.put(holder.uid(), steady.instant());
            return new Issued(recorded, false);
        }
        if (found != null) {
            records.delete(holder, found);
        }
        var begun = clock.instant();
        var key = keys.create(new JoinKeyRequest(holder.mark(), order.tags(), order.validFor()));
        var issued = record(controlPlane, tailnet, holder, key, begun.plus(order.validFor()));
        looked.put(holder.uid(), steady.instant());
        return new Issued(issued, true);
    }

    private JoinKeyRecord record(
            ControlPlane controlPlane, String tailnet, JoinKeyHolder holder, JoinKey key, Instant latest) {
        try {
            var expires = expiry(key, latest, controlPlane.clockSkew());
            return records.create(holder, key, expires, tailnet);
        } catch (RuntimeException e) {
            try {
                controlPlane.require(JoinKeys.class).revoke(key.id());
            } catch (ControlPlaneException stillLive) {
                // Found by its mark the next time.
                e.addSuppressed(stillLive);
            }
            throw e;
        }
    }

    /**
     * By this clock, which says when the key is replaced. The control plane's can be ahead or behind, and it is not always known by how
     * much: a key that is over already by what it says would be replaced at every look. One that is to end a little sooner is believed,
     * as Headscale's do.
     */
    private static Instant expiry(JoinKey key, Instant latest, Optional<ClockSkew> skew) {
        var told = key.expires();
        var theirs = told == null ? null : skew.map(known -> known.here(told)).orElse(told);
        return theirs == null || theirs.isAfter(latest) || theirs.isBefore(latest.minus(WINDOW)) ? latest : theirs;
    }

    private boolean wasLookedAt(JoinKeyHolder holder) {
        return looked.get(holder.uid())
                .filter(at -> steady.instant().isBefore(at.plus(LOOK_EVERY)))
                .isPresent();
    }

    /** The key has served, or is not wanted any more: whatever of the holder's is still live is revoked, and its record goes. */
    public void settle(ControlPlane controlPlane, String tailnet, JoinKeyHolder holder) {
        looked.forget(holder.uid());
        var keys = controlPlane.require(JoinKeys.class);
        var recorded = recorded(holder);
        JoinKeyPlanner.revokeAll(
                        holder, recorded.filter(key -> key.isOf(tailnet)).orElse(null), keys.list())
                .forEach(keys::revoke);
        recorded.ifPresent(key -> records.delete(holder, key));
    }

    /** The key on record, if any. */
    public Optional<JoinKeyRecord> recorded(JoinKeyHolder holder) {
        try {
            return records.find(holder);
        } catch (JoinKeyRecords.NameTaken e) {
            return Optional.empty();
        }
    }

    public void forget(String uid) {
        looked.forget(uid);
    }
}
