/** Healing with guards: which nodes are unhealthy, which remedy comes next, and what holds it back. */
@NullMarked
package com.xonetwork.tailnet.heal;

import org.jspecify.annotations.NullMarked;
