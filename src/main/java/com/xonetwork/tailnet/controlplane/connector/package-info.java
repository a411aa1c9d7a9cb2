/** Puts the HTTP core and an adapter together: the only place that knows all of them. */
@NullMarked
package com.xonetwork.tailnet.controlplane.connector;

import org.jspecify.annotations.NullMarked;
