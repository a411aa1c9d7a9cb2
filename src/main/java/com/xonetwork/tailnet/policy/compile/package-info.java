/**
 * What a policy makes of a tailnet: for each machine the packet filter and the SSH rules that the service would send to
 * it. The rules follow from the live service's answers (the captures under {@code src/test/resources/policy-captures});
 * where those and tailscale.com/kb disagree, a test says so. A policy and a topology go in, values come out.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
