package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One policy made of many fragments.
 *
 * @param policy the whole document, sections in our order; shares nothing with the fragments
 * @param conflicts the fragments that were left out, by name, in order of precedence
 * @param sections what each fragment that was taken contributes to: section names by fragment name. The operator does not read it
 *     yet; it is for whoever shows which fragment a rule comes from.
 */
public record MergeResult(ObjectNode policy, Map<String, Conflict> conflicts, Map<String, List<String>> sections) {

    public MergeResult {
        conflicts = Collections.unmodifiableMap(new LinkedHashMap<>(conflicts));
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }
}
