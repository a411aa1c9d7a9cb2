/** The Headscale API v1. */
@NullMarked
package com.xonetwork.tailnet.controlplane.headscale;

import org.jspecify.annotations.NullMarked;
