package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import java.util.Map;

/** How often a Tailnet is looked at, from its spec. */
final class PollPlans {

    private PollPlans() {}

    static SnapshotPoller.Plan of(TailnetScope scope, OperatorConfig config) {
        var spec = scope.tailnet().getSpec();
        var interval = DurationText.parse(spec.pollInterval());
        var maxAge = interval.multipliedBy(config.snapshot().staleAfterPolls())
                .plus(config.controlPlane().callTimeout());
        return new SnapshotPoller.Plan(
                interval,
                maxAge,
                scope.policies().isEmpty()
                        ? Map.of()
                        : Map.of(
                                DocumentKind.POLICY,
                                DurationText.parse(spec.policy().driftCheckInterval())),
                DocumentClaims.annotation(scope.tailnet(), ApiGroup.RECONCILE_REQUEST_ANNOTATION));
    }
}
