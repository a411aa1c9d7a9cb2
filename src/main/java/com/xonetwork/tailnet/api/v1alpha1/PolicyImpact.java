package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would change for the machines of the tailnet if a policy were published now. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyImpact(
        @JsonPropertyDescription("How many edges (who, to where, with what) would be added, in all.")
        int added,

        @JsonPropertyDescription("How many edges would be removed, in all.")
        int removed,

        @JsonPropertyDescription("What is removed, then what is added: 50 lines at most, of each kind 25 at least.")
        List<String> changes,

        @JsonPropertyDescription("What the operator does not know and so left out.") @Nullable
        String unknown) {

    public PolicyImpact {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }
}
