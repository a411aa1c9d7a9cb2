package com.xonetwork.tailnet.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When something was begun, by both clocks.
 *
 * @param wall by the machine's clock, which can be set
 * @param steady by the clock that nobody sets, and that stands still while the machine is suspended
 */
public record Moment(Instant wall, Instant steady) {

    private static final Duration ORDINARY = Duration.ofSeconds(30);

    /**
     * By how much the machine's clock went further than the steady one since then: it was set (negative: back), or the machine was
     * suspended. Empty when by no more than a clock is slewed, or a second is leapt.
     */
    Optional<Duration> jumpSince(Moment before) {
        var jump = Duration.between(before.wall, wall).minus(Duration.between(before.steady, steady));
        return Optional.of(jump).filter(by -> by.abs().compareTo(ORDINARY) > 0);
    }
}
