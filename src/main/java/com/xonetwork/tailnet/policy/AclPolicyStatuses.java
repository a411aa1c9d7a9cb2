package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicyStatus;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;

/** Writes down what was found out about an AclPolicy. */
@Pure
final class AclPolicyStatuses {

    private AclPolicyStatuses() {}

    static AclPolicyStatus of(AclPolicy policy, AclPolicyPlan plan, Instant now) {
        var generation = policy.getMetadata().getGeneration();
        var previous = policy.getStatus();
        return new AclPolicyStatus(
                generation,
                Conditions.merge(
                        previous == null ? List.of() : previous.conditions(),
                        Conditions.summarize(plan.facts(), plan.ready()),
                        generation,
                        now),
                plan.sections(),
                plan.impact());
    }
}
