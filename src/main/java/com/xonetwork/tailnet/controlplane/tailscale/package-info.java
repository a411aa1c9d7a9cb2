/** The Tailscale API v2, and services that speak it. */
@NullMarked
package com.xonetwork.tailnet.controlplane.tailscale;

import org.jspecify.annotations.NullMarked;
