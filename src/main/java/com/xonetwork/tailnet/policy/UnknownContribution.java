package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.Optional;
import java.util.Set;

/** A contribution that cannot be told yet. @param why in words for a condition */
record UnknownContribution(String origin, String why) implements PolicyContribution {

    @Override
    public Optional<String> unknown() {
        return Optional.of(why);
    }

    @Override
    public Optional<ObjectNode> fragment(Set<String> ownedTags, PolicySyntax syntax) {
        return Optional.empty();
    }
}
