package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What must be true of a policy before it is published without asking. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyGuards(
        @Size(max = 50)
        @JsonPropertyDescription("The policy to be published must allow every src to reach every dst on all the ports.")
        List<PolicyGuardPair> mustReach,

        @Size(max = 50)
        @JsonPropertyDescription(
                "The policy to be published must not allow any src to reach any dst on any of the ports.")
        List<PolicyGuardPair> mustNotReach,

        @Default("50")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "Percent of the access that the policy in force allows (source, destination, protocol, ports). A publication"
                        + " that takes away more is held. 100 switches this guard off. It is not checked while the policy in force is"
                        + " not this Tailnet's, or when the operator reverts a change made elsewhere.")
        Integer maxRemovedEdgesRatio) {

    public static final PolicyGuards DEFAULT = new PolicyGuards(List.of(), List.of(), 50);

    public PolicyGuards {
        mustReach = mustReach == null ? List.of() : List.copyOf(mustReach);
        mustNotReach = mustNotReach == null ? List.of() : List.copyOf(mustNotReach);
        maxRemovedEdgesRatio = maxRemovedEdgesRatio == null ? 50 : maxRemovedEdgesRatio;
    }
}
