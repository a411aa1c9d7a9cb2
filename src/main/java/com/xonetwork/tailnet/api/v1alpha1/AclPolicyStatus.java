package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a part of the policy file. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AclPolicyStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Accepted: this part is valid and contradicts no other part. Published: this part is in the policy in force."
                        + " Ready summarizes them.")
        List<Condition> conditions,

        @JsonPropertyDescription("Sections of the policy file that this part contributes to.")
        List<String> sections,

        @JsonPropertyDescription(
                "Effect on the machines if the merged policy with this part were published now. Absent if it is in force, or"
                        + " not known.")
        @Nullable
        PolicyImpact impact)
        implements ConditionedStatus {

    public AclPolicyStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        sections = sections == null ? List.of() : List.copyOf(sections);
    }
}
