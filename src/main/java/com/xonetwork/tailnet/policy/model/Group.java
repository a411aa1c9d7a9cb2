package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * An entry of {@code groups}.
 *
 * @param name with its prefix: {@code group:dev}
 * @param members users, if the policy is valid
 */
public record Group(String name, List<Located<Selector>> members, Span span) {

    public Group {
        members = List.copyOf(members);
    }
}
