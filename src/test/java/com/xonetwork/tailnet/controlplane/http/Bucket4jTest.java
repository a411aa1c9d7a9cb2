package com.xonetwork.tailnet.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Why {@link TokenBucket} is our own: each test says what the library does where ours must do otherwise, and {@code TokenBucketTest}
 * has its counterpart. A version of the library that fails here may have become good enough.
 */
class Bucket4jTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Meter meter = new Meter();

    private static final class Meter implements TimeMeter {
        private long now;

        @Override
        public long currentTimeNanos() {
            return now;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    /** One call at once, and then one in ten seconds; nothing is left. */
    private Bucket emptyBucket() {
        var bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(1).refillGreedy(1, Duration.ofSeconds(10)))
                .withCustomTimePrecision(meter)
                .build();
        assertThat(bucket.tryConsume(1)).isTrue();
        return bucket;
    }

    private BlockingStrategy whileItWaits(Runnable happens) {
        return nanos -> {
            happens.run();
            meter.now += nanos;
        };
    }

    @Test
    void whoWaitsAlreadyDoesNotSeeThatTheBucketIsDrained() throws Exception {
        var bucket = emptyBucket();
        // The nearest thing to a pause of five minutes.
        var paused = whileItWaits(() -> bucket.consumeIgnoringRateLimits(30));

        assertThat(bucket.asBlocking().tryConsume(1, LONG, paused)).isTrue();
        assertThat(meter.now).isEqualTo(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void whoWaitsAlreadyKeepsToTheOldBudget() throws Exception {
        var bucket = emptyBucket();
        var wider = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(1).refillGreedy(10, Duration.ofSeconds(1)))
                .build();
        var widened = whileItWaits(() -> bucket.replaceConfiguration(wider, TokensInheritanceStrategy.AS_IS));

        assertThat(bucket.asBlocking().tryConsume(1, LONG, widened)).isTrue();
        assertThat(meter.now).isEqualTo(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void whoIsInterruptedHasSpentItsToken() {
        var bucket = emptyBucket();
        BlockingStrategy interrupted = nanos -> {
            throw new InterruptedException();
        };

        assertThatThrownBy(() -> bucket.asBlocking().tryConsume(1, LONG, interrupted))
                .isInstanceOf(InterruptedException.class);
        meter.now = TimeUnit.SECONDS.toNanos(10);
        assertThat(bucket.tryConsume(1)).isFalse();
    }
}
