package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a plan.
 *
 * @param action what came of its action
 * @param unrecorded why host keys that the runner believed are not recorded, in words for a user
 */
record RunOutcome(Result action, Optional<String> unrecorded) {

    /** What came of an action. */
    sealed interface Result {}

    /** It was done, or there was none. */
    record Done() implements Result {}

    /** A start waits for other runs. */
    record Queued(String why) implements Result {}

    /** A start was refused, as things are, and is tried again. */
    record Refused(Reason reason, String why, Duration delay) implements Result {}

    /** A start can never succeed. */
    record Impossible(Reason reason, String why) implements Result {}

    /** What was to be started may have run already, and nothing tells how it ended. */
    record Lost(String why) implements Result {}

    static final Done DONE = new Done();
}
