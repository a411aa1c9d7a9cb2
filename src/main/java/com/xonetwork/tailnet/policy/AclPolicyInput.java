package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link AclPolicyPlanner} decides on.
 *
 * @param tailnet that it names, whose status says what became of it; null when there is none of that name
 */
record AclPolicyInput(AclPolicy policy, @Nullable Tailnet tailnet) {}
