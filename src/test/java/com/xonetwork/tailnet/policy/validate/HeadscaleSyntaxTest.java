package com.xonetwork.tailnet.policy.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testing.SyntaxTable;
import org.junit.jupiter.api.Test;

/** What a real Headscale takes we take, and what it refuses we refuse; HeadscaleSyntaxIT asks the server itself. */
class HeadscaleSyntaxTest {

    @Test
    void weAgreeWithHeadscale() {
        assertThat(SyntaxTable.rows())
                .hasSizeGreaterThan(500)
                .filteredOn(row -> row.acceptedByUs() != row.accepted())
                .isEmpty();
    }
}
