/**
 * Arithmetic on sets of addresses: what a policy's addresses, prefixes and ranges cover together, and how the service
 * writes that down. It asks no name server.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.net;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
