package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Gathers what is to be known of an AclPolicy. */
final class AclPolicyGatherer {

    AclPolicyInput gather(AclPolicy policy, Context<AclPolicy> context) {
        return new AclPolicyInput(
                policy, context.getSecondaryResource(Tailnet.class).orElse(null));
    }
}
