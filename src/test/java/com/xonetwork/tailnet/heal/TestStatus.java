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

    /** Of a node that no one device is of, as an operator before this one told it. */
    static TailnetNodeStatus without(String reason, Instant since) {
        return of(List.of(
                new Condition("Joined", "False", reason, "m", 1L, since.toString()),
                new Condition("Online", "False", reason, "m", 1L, since.toString())));
    }

    static TailnetNodeStatus of(Instant joined, String online, Instant since) {
        return of(List.of(
                new Condition("Joined", "True", "Joined", "m", 1L, joined.toString()),
                new Condition("Online", online, "R", "m", 1L, since.toString())));
    }

    private static TailnetNodeStatus of(List<Condition> conditions) {
        return new TailnetNodeStatus(
                1L, conditions, null, null, null, List.of(), null, null, null, List.of(), List.of(), List.of(), null);
    }
}
