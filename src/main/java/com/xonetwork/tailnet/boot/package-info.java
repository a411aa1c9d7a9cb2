/**
 * The composition root: makes what is shared, starts and stops the parts in order, registers the controllers, and says when the operator
 * is ready. No other package depends on it.
 */
@NullMarked
package com.xonetwork.tailnet.boot;

import org.jspecify.annotations.NullMarked;
