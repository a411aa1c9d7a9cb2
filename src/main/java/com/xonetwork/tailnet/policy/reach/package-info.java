/**
 * Who may reach whom, and what a change of policy does to that, in words. Machines that no rule tells apart are one, so
 * that the answer grows with the policy and not with the square of the tailnet.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
