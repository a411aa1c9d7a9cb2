package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would change for the machines of the tailnet if a policy were published now. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyImpact(
        @JsonPropertyDescription("Total number of edges (source, destination, protocol, ports) that would be added.")
        int added,

        @JsonPropertyDescription("Total number of edges (source, destination, protocol, ports) that would be removed.")
        int removed,

        @JsonPropertyDescription(
                "Removed edges, then added edges: at most 50 lines, of which each kind may use at least 25.")
        List<String> changes,

        @JsonPropertyDescription("What the operator does not know and therefore left out.") @Nullable
        String unknown) {

    public PolicyImpact {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }
}
