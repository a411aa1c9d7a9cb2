/**
 * The port to a tailnet's control plane, in Tailscale's own words. Knows nothing of Kubernetes: reconcilers hand it plain
 * values, adapters ({@code tailscale}, {@code headscale}) speak HTTP behind it.
 */
@NullMarked
package com.xonetwork.tailnet.controlplane;

import org.jspecify.annotations.NullMarked;
