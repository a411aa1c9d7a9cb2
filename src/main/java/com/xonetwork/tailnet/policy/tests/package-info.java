/**
 * The tests that a policy brings along, {@code tests} and {@code sshTests}, run as the service runs them: a policy that
 * fails its own tests is refused. Here, because they need a topology, is also the judgement of a policy as a whole.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
