package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What became of one AclPolicy in the merge. Its own reconciler reports from this. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyFragmentStatus(
        @JsonPropertyDescription("Name of the AclPolicy.") String name,

        @JsonPropertyDescription("The AclPolicy's metadata.generation that was merged.")
        long generation,

        @JsonPropertyDescription(
                "Published, Pending (accepted, to be published), Held (accepted, but publication waits for a human: see the"
                        + " Tailnet's PolicyInSync), Unknown (the policy in force"
                        + " cannot be seen now), Observed (checked only), Invalid or Conflict.")
        State state,

        @JsonPropertyDescription("Why the AclPolicy is not Published.") @Nullable
        String message,

        @JsonPropertyDescription(
                "Only for the first 10 AclPolicies with mode Observe: what would change if they were enforced.")
        @Nullable
        PolicyImpact impact) {

    public PolicyFragmentStatus(String name, long generation, State state, @Nullable String message) {
        this(name, generation, state, message, null);
    }

    /** Where a fragment stands. */
    public enum State {
        @JsonProperty("Published")
        PUBLISHED,
        @JsonProperty("Pending")
        PENDING,
        @JsonProperty("Held")
        HELD,
        @JsonProperty("Unknown")
        UNKNOWN,
        @JsonProperty("Observed")
        OBSERVED,
        @JsonProperty("Invalid")
        INVALID,
        @JsonProperty("Conflict")
        CONFLICT
    }
}
