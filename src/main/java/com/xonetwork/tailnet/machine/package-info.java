/**
 * Machines that are reached over SSH: what their tailscaled must be set to, and the runs that make it so. Called by the writer of
 * the node alone; knows nothing of join keys but that one is there.
 */
@NullMarked
package com.xonetwork.tailnet.machine;

import org.jspecify.annotations.NullMarked;
