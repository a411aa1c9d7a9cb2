package com.xonetwork.tailnet.bootstrap;

import com.xonetwork.tailnet.pure.Pure;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the files of a machine that has not joined.
 *
 * <p>They stay as they are once their token was used: whoever made the machine of them would take other files for the wish for
 * another machine. Only when the machine has not come all the same they can serve nobody any more, and are made anew. So are those
 * whose token has ended.
 */
@Pure
final class CloudInitPlanner {

    /** How long a machine that has fetched its key may take to join. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private CloudInitPlanner() {}

    /**
     * What is to be done.
     *
     * @param files to write; null to leave all as it is
     * @param token in them
     * @param lookAgain when time alone changes the answer
     */
    record Plan(
            @Nullable Map<String, String> files, @Nullable String token, Optional<Duration> lookAgain) {}

    /**
     * @param recorded what was written before; null for nothing
     * @param newToken a random one
     */
    static Plan plan(CloudInit wish, @Nullable CloudInitRecord recorded, Supplier<String> newToken, Instant now) {
        if (recorded == null) {
            return anew(wish, newToken.get());
        }
        var used = recorded.used();
        if (used == null) {
            var files = CloudInitFiles.of(wish, recorded.token());
            if (recorded.hasEnded(now)) {
                return anew(wish, newToken.get());
            }
            var lookAgain = Optional.ofNullable(recorded.expires()).map(end -> Duration.between(now, end));
            return files.equals(recorded.files())
                    ? new Plan(null, null, lookAgain)
                    : new Plan(files, recorded.token(), lookAgain);
        }
        var patientUntil = used.plus(PATIENCE);
        return now.isBefore(patientUntil)
                ? new Plan(null, null, Optional.of(Duration.between(now, patientUntil)))
                : anew(wish, newToken.get());
    }

    private static Plan anew(CloudInit wish, String token) {
        return new Plan(CloudInitFiles.of(wish, token), token, Optional.empty());
    }
}
