package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.KEY_VALID;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long a device's node key is still good for: the condition {@code KeyValid}. It speaks of dates and of the
 * thresholds that are passed, never of days left: a text that changes by itself would be a write every day for every node.
 *
 * @param notice the nearest threshold that is passed
 * @param lookAgain until the next threshold
 */
@Pure
record KeyValidity(Fact fact, Optional<Notice> notice, Optional<Duration> lookAgain) {

    private static final String LOG_IN = "log in again on the machine (tailscale up --force-reauth)";

    /** What a human is told of, the nearest first. */
    enum Notice {
        EXPIRED(Duration.ZERO, "expired"),
        WITHIN_1_DAY(Duration.ofDays(1), "1 day"),
        WITHIN_7_DAYS(Duration.ofDays(7), "7 days"),
        WITHIN_14_DAYS(Duration.ofDays(14), "14 days");

        private final Duration before;
        private final String word;

        Notice(Duration before, String word) {
            this.before = before;
            this.word = word;
        }

        /** As the status shows it. */
        @Override
        public String toString() {
            return word;
        }

        private boolean isPassed(Instant expires, Instant now) {
            return !now.isBefore(expires.minus(before));
        }
    }

    static KeyValidity of(Device device, Instant now) {
        if (device.keyExpiryDisabled()) {
            return never(Reason.EXPIRY_DISABLED, "the node key does not expire");
        }
        return device.expiry()
                .map(expires -> of(expires, now))
                .orElseGet(() -> never(Reason.VALID, "the control plane names no date on which the node key expires"));
    }

    private static KeyValidity never(Reason reason, String message) {
        return new KeyValidity(yes(KEY_VALID, reason, message), Optional.empty(), Optional.empty());
    }

    private static KeyValidity of(Instant expires, Instant now) {
        var notice = Arrays.stream(Notice.values())
                .filter(one -> one.isPassed(expires, now))
                .findFirst();
        var next = Stream.of(Notice.values())
                .filter(one -> !one.isPassed(expires, now))
                .map(one -> Duration.between(now, expires.minus(one.before)))
                .min(Duration::compareTo)
                // Not a moment too early.
                .map(wait -> wait.plusSeconds(1));
        return new KeyValidity(fact(expires, notice), notice, next);
    }

    private static Fact fact(Instant expires, Optional<Notice> notice) {
        if (notice.isEmpty()) {
            return yes(KEY_VALID, Reason.VALID, "the node key is good until " + expires);
        }
        return notice.get() == Notice.EXPIRED
                ? no(KEY_VALID, Reason.KEY_EXPIRED, expired(expires))
                : yes(
                        KEY_VALID,
                        Reason.EXPIRES_SOON,
                        "the node key expires at " + expires + ", within " + notice.get() + ": " + LOG_IN
                                + " before that, or set keyExpiry: Disabled here or in a NodeClass");
    }

    /** A log-out ends the key at that moment: no service tells the two apart. */
    static String expired(Instant expires) {
        return "the node key expired at " + expires + ", or the machine logged out then; " + LOG_IN;
    }
}
