package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.JoinStatus;
import com.xonetwork.tailnet.kube.LookAgain;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a node's join key.
 *
 * @param fact empty of a node that asks for no key
 * @param status the join key that waits for the machine; null when there is none
 */
record JoinSaid(Optional<Fact> fact, @Nullable JoinStatus status, Optional<Duration> lookAgain) {

    /** The same with other words. @param sooner look again after so long at the latest */
    JoinSaid instead(Fact other, JoinStatus now, Optional<Duration> sooner) {
        return new JoinSaid(
                fact.map(before -> other),
                now,
                Stream.concat(lookAgain.stream(), sooner.stream())
                        .map(LookAgain::safe)
                        .min(Duration::compareTo));
    }
}
