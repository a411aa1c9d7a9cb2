package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import java.time.Instant;
import java.util.List;

/** What a TailnetNode says of a machine that has joined. */
final class TestStatus {

    private TestStatus() {}

    static TailnetNodeStatus joinedAndOffline(Instant joined, Instant offline) {
        return of(joined, "False", offline);
    }

    static TailnetNodeStatus of(Instant joined, String online, Instant since) {
        return new TailnetNodeStatus(
                1L,
                List.of(
                        new Condition("Joined", "True", "Joined", "m", 1L, joined.toString()),
                        new Condition("Online", online, "R", "m", 1L, since.toString())),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
