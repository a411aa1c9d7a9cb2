package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a class. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeClassStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Ready: the rules are in use.")
        List<Condition> conditions,

        @JsonPropertyDescription("TailnetNodes that the class matches.")
        int nodes,

        @JsonPropertyDescription("The first of the tags and how many more there are, for kubectl get.") @Nullable
        String tagSummary)
        implements ConditionedStatus {

    public NodeClassStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** Of a class that gives these tags. */
    public NodeClassStatus(
            @Nullable Long observedGeneration, List<Condition> conditions, int nodes, List<String> tags) {
        this(observedGeneration, conditions, nodes, Shortened.of(tags));
    }
}
