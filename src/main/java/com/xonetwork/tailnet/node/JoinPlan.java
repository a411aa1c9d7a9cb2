package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.joinkey.JoinKeyOrder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about a node's join key.
 *
 * @param joinedIn the last good poll that showed the node's device, as it is to be remembered; null for none
 * @param view on whose connection it is done
 */
@Pure
record JoinPlan(Work work, NodeInput.@Nullable Poll joinedIn, TailnetView view) {

    /** What is done, and what is said when it was. */
    sealed interface Work {}

    /**
     * Nothing is called.
     *
     * @param isTry an earlier failure says nothing about it, and is forgotten
     */
    record Rest(JoinSaid said, boolean isTry) implements Work {}

    /** @param wish what fails, if it does */
    record Refuse(String wish, ControlPlaneException why) implements Work {}

    /** All keys of the node are revoked. */
    record Settle(String wish, String place, JoinSaid said) implements Work {}

    /**
     * There must be a key as ordered.
     *
     * @param place URL and name of the tailnet that it is a key of
     * @param said by the key that there is then
     */
    record Issue(String wish, String place, JoinKeyOrder order, Function<JoinKeyRecord, JoinSaid> said)
            implements Work {}

    /** What there is to say of it then. */
    JoinSaid said(JoinOutcome outcome) {
        return switch (outcome) {
            case JoinOutcome.Failed failed ->
                new JoinSaid(Optional.of(failed.fact()), null, Optional.of(failed.left()));
            case JoinOutcome.Issued issued
            when work instanceof Issue issue -> issue.said().apply(issued.key());
            case JoinOutcome.Issued e -> throw new IllegalStateException("no key was asked for");
            case JoinOutcome.Done e ->
                switch (work) {
                    case Rest rest -> rest.said();
                    case Settle settle -> settle.said();
                    case Issue issue -> throw new IllegalStateException("a key was asked for");
                    case Refuse refuse -> throw new IllegalStateException("it cannot be done");
                };
        };
    }

    static JoinSaid saying(Fact fact) {
        return new JoinSaid(Optional.of(fact), null, Optional.empty());
    }

    static JoinSaid saying(Fact fact, Duration lookAgain) {
        return new JoinSaid(Optional.of(fact), null, Optional.of(lookAgain));
    }

    static JoinSaid nothing() {
        return new JoinSaid(Optional.empty(), null, Optional.empty());
    }
}
