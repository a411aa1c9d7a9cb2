package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes that lead somewhere. */
@ValidationRule(
        value = "has(self.nodes) != has(self.selector)",
        message = "via must have exactly one of nodes and selector")
@ValidationRule(
        value = "!has(self.selector) || has(self.selector.matchLabels) || has(self.selector.matchExpressions)",
        message = "an empty selector would mean every node: name at least one label")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteVia(
        @Size(min = 1, max = RouteVia.MAX_NODES) @JsonPropertyDescription("Names of TailnetNodes of the same Tailnet.")
        List<@Size(min = 1, max = 253) String> nodes,

        @JsonPropertyDescription("Labels of TailnetNodes of the same Tailnet.") @Nullable
        LabelSelector selector) {

    /** More routers than this for one network is a selector that went wrong. */
    public static final int MAX_NODES = 32;

    public RouteVia {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /**
     * Whether a TailnetNode of the same Tailnet is meant.
     *
     * @param labels of the node; null for none
     */
    public boolean means(String name, @Nullable Map<String, String> labels) {
        return selector == null ? nodes.contains(name) : selector.selects(labels);
    }
}
