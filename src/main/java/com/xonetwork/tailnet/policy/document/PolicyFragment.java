package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One user's part of the policy. A tailnet has one policy file, but many people who each own a piece of it; they write
 * fragments, {@link PolicyMerger} makes the file.
 *
 * @param name unique among the fragments of a tailnet, and what its owner knows it by; it appears in messages
 * @param priority higher comes first in the file and is right when two fragments contradict each other
 * @param content a policy file that says only this part, with section names in canonical spelling. Not to be changed
 *     afterwards
 */
public record PolicyFragment(String name, int priority, ObjectNode content) {

    /** The priority of what the operator itself adds: after all that users may give. */
    public static final int ADDED = Integer.MIN_VALUE;

    /** @throws IllegalArgumentException if the content has two spellings of one section */
    public PolicyFragment {
        content = Section.canonicalNames(content);
    }

    boolean isAdded() {
        return priority == ADDED;
    }

    /** As a message names it. */
    String described() {
        return isAdded() ? "what the operator adds for " + name : Quoted.of(name) + " (priority " + priority + ")";
    }
}
