package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether runs of a template can start, and which that have ended are removed.
 *
 * @param digest of the source; null where there is none
 * @param sourceCheck when to read the source again, if it is one that is not watched
 */
record TemplatePlan(
        List<Fact> facts, @Nullable String digest, RetentionPlanner.Plan retention, Optional<Duration> sourceCheck) {

    /** For a run that could not be removed yet. */
    private static final Duration NOT_LET_GO = Duration.ofMinutes(1);

    /** @param isComplete whether all runs that were to be removed are gone */
    Optional<Duration> nextRemoval(boolean isComplete) {
        return isComplete ? retention.lookAgain() : Optional.of(NOT_LET_GO);
    }
}
