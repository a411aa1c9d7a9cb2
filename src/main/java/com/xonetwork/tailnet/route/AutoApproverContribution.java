package com.xonetwork.tailnet.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.PolicyContribution;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.model.Selector;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;

/**
 * The part of the policy that follows from SubnetRoutes and ExitNodes: who may advertise what without being asked.
 *
 * @param routes CIDRs, each with the tags whose carriers are approved for it
 * @param exitNode tags whose carriers are approved as exit nodes
 */
public record AutoApproverContribution(SortedMap<String, SortedSet<String>> routes, SortedSet<String> exitNode)
        implements PolicyContribution {

    static final String ORIGIN = "SubnetRoutes and ExitNodes";

    /** There is no SubnetRoute and no ExitNode. */
    public static final AutoApproverContribution NONE =
            new AutoApproverContribution(Collections.emptySortedMap(), Collections.emptySortedSet());

    @Override
    public String origin() {
        return ORIGIN;
    }

    /** A tag without an owner is left out. */
    @Override
    public Optional<ObjectNode> fragment(Set<String> ownedTags, PolicySyntax syntax) {
        // To Headscale tag:a@b is a user in this place.
        Predicate<String> isApprover = tag -> ownedTags.contains(tag) && syntax.selector(tag) instanceof Selector.Tag;
        var approvers = JsonNodeFactory.instance.objectNode();
        routes.forEach((cidr, tags) -> tags.stream()
                .filter(isApprover)
                .forEach(tag -> approvers
                        .withObjectProperty("routes")
                        .withArrayProperty(cidr)
                        .add(tag)));
        exitNode.stream()
                .filter(isApprover)
                .forEach(tag -> approvers.withArrayProperty("exitNode").add(tag));
        return approvers.isEmpty()
                ? Optional.empty()
                : Optional.of(JsonNodeFactory.instance.objectNode().set("autoApprovers", approvers));
    }
}
