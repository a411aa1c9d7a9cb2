package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.service.StreamShares.Limits;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class StreamSharesTest {

    private final StreamShares shares = new StreamShares(new Limits(200, 20, 100));

    /** How many are left for a caller of a namespace; all are given back. */
    private int left(String caller, String namespace) {
        var taken = new ArrayList<StreamShares.Share>();
        for (var share = shares.take(caller, namespace); share.isPresent(); share = shares.take(caller, namespace)) {
            taken.add(share.get());
        }
        taken.forEach(StreamShares.Share::close);
        return taken.size();
    }

    private void hold(String caller, String namespace, int number) {
        for (var i = 0; i < number; i++) {
            assertThat(shares.take(caller, namespace)).isPresent();
        }
    }

    @Test
    void aCallerLeavesTheOthersTheirs() {
        hold("ann", "team-a", 20);
        assertThat(left("ann", "team-a")).isZero();
        assertThat(left("ann", "team-b")).isZero();
        assertThat(left("bob", "team-a")).isEqualTo(20);
    }

    @Test
    void aNamespaceLeavesTheOthersTheirs() {
        for (var caller = 0; caller < 5; caller++) {
            hold("caller-" + caller, "team-a", 20);
        }
        assertThat(left("bob", "team-a")).isZero();
        assertThat(left("bob", "team-b")).isEqualTo(20);
    }

    @Test
    void allTogetherAreBounded() {
        for (var caller = 0; caller < 10; caller++) {
            hold("caller-" + caller, "team-" + caller, 20);
        }
        assertThat(left("bob", "team-b")).isZero();
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        for (var i = 0; i < 10; i++) {
            assertThat(left("ann", "team-a")).isEqualTo(20);
        }
    }
}
