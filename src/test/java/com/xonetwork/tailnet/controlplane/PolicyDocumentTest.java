package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyDocumentTest {

    private static long weight(String text) {
        return new PolicyDocument(text, "e1").weight();
    }

    /** What is read of it takes much more than the text where the values are small. */
    @Test
    void manySmallValuesWeighMoreThanOneLargeText() {
        var text = weight("{\"a\": \"" + "x".repeat(1_000_000) + "\"}");
        var values = weight("{\"a\": [" + "{},".repeat(333_333) + "]}");
        assertThat(text).isBetween(2_000_000L, 3_000_000L);
        assertThat(values).isGreaterThan(50_000_000L);
    }
}
