/**
 * Machines that bring themselves in at their first boot: what cloud-init is told, and the token by which such a machine fetches
 * its join key, once.
 */
@NullMarked
package com.xonetwork.tailnet.bootstrap;

import org.jspecify.annotations.NullMarked;
