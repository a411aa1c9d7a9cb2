package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.policy.PolicyEffects;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has each kind of document written as a Tailnet wants it. A further kind comes here with its effects, its fact and its next try;
 * {@link PollPlans} has it read.
 */
@Singleton
public final class TailnetDocuments {

    private final SnapshotStore snapshots;
    private final PolicyEffects policy;
    private final AnnotationEffects annotations;

    TailnetDocuments(SnapshotStore snapshots, PolicyEffects policy, AnnotationEffects annotations) {
        this.snapshots = snapshots;
        this.policy = policy;
        this.annotations = annotations;
    }

    /**
     * What came of it.
     *
     * @param facts one of each kind
     * @param policy null while there is no AclPolicy
     * @param nextTry until the first of the writes that rest may be tried again; empty when none rests
     */
    record Synced(List<Fact> facts, @Nullable TailnetPolicyStatus policy, Optional<Duration> nextTry) {}

    Synced sync(TailnetScope scope) {
        var key = TailnetKey.of(scope.tailnet());
        var round = policy.sync(
                key,
                scope.tailnet(),
                failed -> scope.policyInput(snapshots.view(key), failed),
                hash -> annotations.claim(
                        scope.tailnet(), DocumentKind.POLICY, scope.claim(DocumentKind.POLICY, hash)));
        return new Synced(List.of(round.plan().fact()), round.plan().status(), round.nextTry());
    }
}
