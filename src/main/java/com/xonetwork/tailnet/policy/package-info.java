/**
 * The policy file: AclPolicies are intents, {@link com.xonetwork.tailnet.policy.PolicyPlanner} decides what the Tailnet
 * publishes, and the AclPolicy reconciler reports.
 */
@NullMarked
package com.xonetwork.tailnet.policy;

import org.jspecify.annotations.NullMarked;
