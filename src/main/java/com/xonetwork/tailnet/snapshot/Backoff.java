package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.kube.JitteredRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How long a call that failed rests before it is made again, so that events cannot turn one refusal into a storm of calls. JOSDK's own
 * backoff does not do it, because a new event starts a reconciliation at once. The kind of the failure decides; whoever knows more of a
 * failure asks for another rest.
 *
 * <p>Whoever makes the calls keeps the {@link Rest}, with what it is of, in a {@link PerTailnet} or {@link PerResource}. It is lost on a
 * restart, which costs one call.
 */
public final class Backoff {

    private final Clock steady;
    private final Duration rejectedRetry;

    /**
     * @param steady a clock that nobody sets
     * @param rejectedRetry how long a call rests that only somebody's change can make succeed
     */
    public Backoff(Clock steady, Duration rejectedRetry) {
        this.steady = steady;
        this.rejectedRetry = rejectedRetry;
    }

    /**
     * A pause after failures.
     *
     * @param count of the failures in a row
     * @param until when the call may be made again, by the steady clock
     */
    public record Rest(int count, Instant until) {}

    /** @param before the rest after the failure before; null when the last call of this kind succeeded, or was another one */
    public Rest after(@Nullable Rest before, ControlPlaneException failure) {
        return after(before, count -> switch (failure) {
            case ControlPlaneException.RateLimited limited -> limited.retryAfter();
            case ControlPlaneException.Unavailable e -> JitteredRetry.delay(count);
            case ControlPlaneException.TooLarge e -> JitteredRetry.delay(count);
            case ControlPlaneException.ConnectionEnded e -> JitteredRetry.delay(1);
            // The next poll shows what is there now, and with it another call.
            case ControlPlaneException.Conflict e -> JitteredRetry.delay(count);
            case ControlPlaneException.NotFound e -> JitteredRetry.delay(count);
            case ControlPlaneException.Unauthorized e -> JitteredRetry.delay(count + 3);
            case ControlPlaneException.Forbidden e -> rejectedRetry;
            case ControlPlaneException.Rejected e -> rejectedRetry;
            case ControlPlaneException.NotSupported e -> rejectedRetry;
        });
    }

    /** As long as after a refusal: for another failure that lasts until somebody changes something. */
    public Rest afterRefusal(@Nullable Rest before) {
        return after(before, count -> rejectedRetry);
    }

    /** @param wait by the count of failures in a row, from 1 */
    public Rest after(@Nullable Rest before, IntFunction<Duration> wait) {
        var count = before == null ? 1 : before.count() + 1;
        return new Rest(count, steady.instant().plus(wait.apply(count)));
    }

    /**
     * How long the call must not be made yet; empty when the rest is over. Ask once in a look at a resource: whoever holds a call
     * back on one answer and asks another when to look again can find the rest over in between, and then looks for it no more.
     */
    public Optional<Duration> left(Rest rest) {
        return Optional.of(Duration.between(steady.instant(), rest.until())).filter(Duration::isPositive);
    }
}
