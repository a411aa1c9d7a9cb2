package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.policy.PolicyPlan;
import com.xonetwork.tailnet.status.Fact;
import java.util.List;

/**
 * What is to be done about a Tailnet, and what is known without doing anything.
 *
 * @param connection {@code CredentialsValid}, {@code Reachable}, {@code DevicesListed}, {@code ClockInSync} and {@code WebhookReady}
 */
record TailnetPlan(List<Fact> connection, PolicyPlan policy, ImportPlan imports, GarbagePlan garbage) {}
