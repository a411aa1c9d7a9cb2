package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.exitnode.Election.State;
import com.xonetwork.tailnet.snapshot.PerResource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * What elections remember while the operator runs. The first one after a start goes on from the published choice: clients
 * follow it, so it is as much a fact of the world as a device is, and a restart must not count as a reason to change it.
 */
final class Elections {

    private final PerResource<State> states = new PerResource<>();

    State of(ExitNode exit) {
        return states.get(exit).orElseGet(() -> published(exit));
    }

    void remember(ExitNode exit, State state) {
        states.put(exit, state);
    }

    void forget(ExitNode exit) {
        states.forget(exit);
    }

    private static State published(ExitNode exit) {
        return Optional.ofNullable(exit.getStatus())
                .flatMap(status -> Optional.ofNullable(status.active()))
                .map(active -> new State(active.node(), instant(active.since()), Map.of()))
                .orElse(State.NONE);
    }

    /** A time that nobody can read stands for one long ago: it only shortens the dwell. */
    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
