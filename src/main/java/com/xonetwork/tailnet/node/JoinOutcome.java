package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;

/** What came of a {@link JoinPlan}. */
sealed interface JoinOutcome {

    /** As planned. */
    record Done() implements JoinOutcome {}

    /** There is a key on record, made now or before. */
    record Issued(JoinKeyRecord key) implements JoinOutcome {}

    /** @param left until it is tried again */
    record Failed(Fact fact, Duration left) implements JoinOutcome {}
}
