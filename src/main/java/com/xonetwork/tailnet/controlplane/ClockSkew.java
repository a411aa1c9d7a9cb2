package com.xonetwork.tailnet.controlplane;

import java.time.Duration;
import java.time.Instant;

/**
 * How far this machine's clock and a control plane's are apart, as an answer showed. A proxy in front of the control plane may have
 * answered for it, so it suggests: it corrects and explains, and nothing is allowed because of it.
 *
 * @param ahead how far this machine's clock is ahead; negative when it is behind
 * @param uncertainty how far off that can be, in either direction
 */
public record ClockSkew(Duration ahead, Duration uncertainty) {

    /** How far apart the two are at least. */
    public Duration least() {
        var least = ahead.abs().minus(uncertainty);
        return least.isNegative() ? Duration.ZERO : least;
    }

    /** What the control plane's clock shows when this machine's shows that. Clocks that may agree are taken to agree. */
    public Instant there(Instant here) {
        return here.minus(correction());
    }

    /** What this machine's clock shows when the control plane's shows that. */
    public Instant here(Instant there) {
        return there.plus(correction());
    }

    private Duration correction() {
        return least().isZero() ? Duration.ZERO : ahead;
    }
}
