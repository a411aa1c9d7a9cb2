package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.observability.Report;
import com.xonetwork.tailnet.policy.PolicyPlan;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells how a tailnet stands: in its status, written only when it differs, and in an Event where that is news. */
record TailnetReports(SnapshotStore snapshots, Report report, Clock clock) {

    /** @param policy null when there is nothing to say of it */
    UpdateControl<Tailnet> report(TailnetScope scope, List<Fact> facts, @Nullable TailnetPolicyStatus policy) {
        var tailnet = scope.tailnet();
        var view = snapshots.view(TailnetKey.of(tailnet));
        var claims = scope.claims(view);
        var status = TailnetStatuses.of(
                tailnet, facts, view, device -> claims.holder(device).isPresent(), policy, clock.instant());
        return report.publish(tailnet, new Tailnet(), tailnet.getStatus(), status, PolicyPlan.SETTLING);
    }
}
