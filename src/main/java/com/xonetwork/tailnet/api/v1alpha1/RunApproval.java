package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A human's decision on a run that waits for one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunApproval(
        @Required @JsonPropertyDescription("Approve or Deny.")
        Decision decision,

        @Required
        @Size(min = 16, max = 64)
        @Pattern("^[0-9a-f]+$")
        @JsonPropertyDescription(
                "The status.inputsHash that the decision is about. No other run has the same hash. If the inputs of the run"
                        + " have changed since, the decision does not count.")
        String inputsHash,

        @Size(max = 253)
        @JsonPropertyDescription(
                "User name of whoever sets approval, or absent. The chart's admission policy refuses any other name, except"
                        + " from the operator, whose API writes the user of the token. Without that policy, this field proves nothing.")
        @Nullable
        String by) {

    /** Yes or no. */
    public enum Decision {
        @JsonProperty("Approve")
        APPROVE,
        @JsonProperty("Deny")
        DENY
    }
}
