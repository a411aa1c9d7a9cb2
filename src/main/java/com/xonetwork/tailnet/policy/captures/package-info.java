/**
 * What the live service answered to policies, and how far the engine answers the same. The format is that of the captures
 * under {@code src/test/resources/policy-captures}.
 */
@NullMarked
package com.xonetwork.tailnet.policy.captures;

import org.jspecify.annotations.NullMarked;
