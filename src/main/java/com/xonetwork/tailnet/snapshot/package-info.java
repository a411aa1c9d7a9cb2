/**
 * What is known of each tailnet: one device list per poll, immutable and aged, shared by every reconciler. Unknown is kept
 * apart from empty.
 */
@NullMarked
package com.xonetwork.tailnet.snapshot;

import org.jspecify.annotations.NullMarked;
