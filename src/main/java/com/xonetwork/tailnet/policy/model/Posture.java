package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * An entry of {@code postures}: what a device must report about itself, all of it.
 *
 * @param name with its prefix: {@code posture:managed}
 */
public record Posture(String name, List<Located<PostureAssertion>> assertions, Span span) {

    public Posture {
        assertions = List.copyOf(assertions);
    }
}
