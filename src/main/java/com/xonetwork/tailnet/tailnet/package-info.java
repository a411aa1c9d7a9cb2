/** Tailnet: the connection to a control plane, and the only writer of what exists once per tailnet. */
@NullMarked
package com.xonetwork.tailnet.tailnet;

import org.jspecify.annotations.NullMarked;
