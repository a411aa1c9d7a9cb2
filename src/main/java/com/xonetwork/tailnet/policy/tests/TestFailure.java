package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.model.Span;
import java.util.List;

/**
 * A test that does not pass, as an entry of {@code data} in the service's answer.
 *
 * @param source whom the test is about; empty if it does not say
 * @param errors one for each connection that came out otherwise than the test wants
 */
public record TestFailure(String source, List<String> errors, Span span) {

    public TestFailure {
        errors = List.copyOf(errors);
    }
}
