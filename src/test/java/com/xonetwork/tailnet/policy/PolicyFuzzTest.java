package com.xonetwork.tailnet.policy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyFuzzTest {

    private static final int TRIES = 3_000;

    @Test
    void spoiltPoliciesEndInAnAnswerOrInTheOneException() {
        PolicyFuzz fuzz = new PolicyFuzz();
        long seed = new Random().nextLong();
        for (int i = 0; i < TRIES; i++) {
            fuzz.attempt(seed + i);
        }
    }
}
