/** Healing: which nodes are unhealthy, which remedy comes next, and which guard holds it back. */
@NullMarked
package com.xonetwork.tailnet.heal;

import org.jspecify.annotations.NullMarked;
