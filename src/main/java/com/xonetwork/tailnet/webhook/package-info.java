/**
 * Receives what a tailnet's webhooks deliver. A delivery changes nothing and is believed in nothing: one that is genuine makes
 * the operator look at the tailnet sooner.
 */
@NullMarked
package com.xonetwork.tailnet.webhook;

import org.jspecify.annotations.NullMarked;
