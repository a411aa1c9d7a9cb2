package com.xonetwork.tailnet.document;

import java.time.Duration;

/**
 * A write that did not succeed, and that is not repeated for a while.
 *
 * @param left until it may be tried again
 */
public record RestingWrite<C>(FailedWrite<C> failed, Duration left) {}
