package com.xonetwork.tailnet.kube;

import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Retries of a reconciliation that threw: without end, doubling from 2 s to 5 min, half of it random. JOSDK's own gives up
 * after about 18 s and has no jitter, so that a short outage would leave every resource behind for hours and then bring
 * them back in step.
 */
public final class JitteredRetry implements Retry {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Override
    public RetryExecution initExecution() {
        return new Execution();
    }

    /** Delay before the given try (1, 2, ...), between half of the full backoff and the whole. */
    public static Duration delay(int attempt) {
        var full = Math.min(FIRST.toMillis() << Math.min(Math.max(attempt, 1) - 1, 20), LONGEST.toMillis());
        return Duration.ofMillis(full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1));
    }

    private static final class Execution implements RetryExecution {
        private int attempts;

        @Override
        public Optional<Long> nextDelay() {
            attempts++;
            return Optional.of(delay(attempts).toMillis());
        }

        @Override
        public int getAttemptCount() {
            return attempts;
        }

        @Override
        public boolean isLastAttempt() {
            return false;
        }
    }
}
