package com.xonetwork.tailnet.controlplane;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * How a join key shows whose it is, so that a key whose making was not recorded (a crash, an answer that got lost) can be
 * found again. Tailscale keeps a description. Headscale keeps none, but it keeps the expiry to the microsecond (seen with
 * 0.29.1, and PostgreSQL keeps as much): there the mark is the expiry's place within a window of five minutes, one of 300
 * million. A tag would do too, but every device that joins would carry it.
 */
public final class JoinKeyMark {

    private static final long WINDOW_MICROS = Duration.ofMinutes(5).toNanos() / 1000;

    private JoinKeyMark() {}

    /** The last instant before {@code latest}, by five minutes at most, that says {@code mark}. */
    public static Instant expiry(String mark, Instant latest) {
        if (mark.isEmpty()) {
            return latest.truncatedTo(ChronoUnit.SECONDS);
        }
        var micros = micros(latest);
        return Instant.EPOCH.plus(micros - Math.floorMod(micros - place(mark), WINDOW_MICROS), ChronoUnit.MICROS);
    }

    /** Whether a listed key was made with {@code mark} as its description. */
    public static boolean isOn(JoinKey key, String mark) {
        if (mark.isEmpty()) {
            return false;
        }
        var expires = key.expires();
        return key.description().isEmpty()
                ? expires != null
                        && expires.equals(expires.truncatedTo(ChronoUnit.MICROS))
                        && Math.floorMod(micros(expires) - place(mark), WINDOW_MICROS) == 0
                : key.description().equals(mark);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static long place(String mark) {
        return Math.floorMod(ByteBuffer.wrap(DigestUtils.sha256(mark)).getLong(), WINDOW_MICROS);
    }
}
