package com.xonetwork.tailnet.leadership;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Clock;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A Lease as this machine saw it change: it has run out when it was not renewed for its duration <em>since it was seen</em>. Fabric8
 * compares the holder's time of day with this machine's, so that a clock that is ahead takes the Lease from a leader that lives;
 * Kubernetes' own components go by what they observed.
 */
final class ObservedLock implements Lock {

    private final Lock lock;
    private final Clock clock;
    private final Leadership leadership;
    private @Nullable LeaderElectionRecord seen;
    private long seenAt;

    ObservedLock(Lock lock, Clock clock, Leadership leadership) {
        this.lock = lock;
        this.clock = clock;
        this.leadership = leadership;
        this.seenAt = leadership.now().nanos();
    }

    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
        var there = lock.get(client);
        leadership.sees(
                there == null ? null : Replica.parse(there.getHolderIdentity()).orElse(null));
        if (there == null) {
            return null;
        }
        if (!there.equals(seen)) {
            seen = there;
            seenAt = leadership.now().nanos();
        }
        return new LeaderElectionRecord(
                there.getHolderIdentity(),
                there.getLeaseDuration(),
                there.getAcquireTime(),
                // By the even clock: one that is set forward at a standby must not take the Lease from a leader that
                // lives.
                clock.instant().minusNanos(leadership.now().nanos() - seenAt).atZone(ZoneOffset.UTC),
                there.getLeaderTransitions());
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord record) {
        var begun = leadership.now();
        lock.create(client, record);
        leadership.renewed(begun);
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord record) {
        var begun = leadership.now();
        if (record.getHolderIdentity() == null) {
            lock.update(client, givenBack(record));
        } else {
            lock.update(client, record);
            leadership.renewed(begun);
        }
    }

    /** A merge patch does not send what is null: the holder would stay. */
    private static LeaderElectionRecord givenBack(LeaderElectionRecord record) {
        return new LeaderElectionRecord(
                "",
                record.getLeaseDuration(),
                record.getAcquireTime(),
                record.getRenewTime(),
                record.getLeaderTransitions());
    }

    @Override
    public String identity() {
        return lock.identity();
    }

    @Override
    public String describe() {
        return lock.describe();
    }
}
