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
        @JsonPropertyDescription(
                "Every src must reach every dst on all the ports, by the policy that is to be published.")
        List<PolicyGuardPair> mustReach,

        @Size(max = 50)
        @JsonPropertyDescription("No src may reach any dst on any of the ports, by the policy that is to be published.")
        List<PolicyGuardPair> mustNotReach,

        @Default("50")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "Percent of what may pass by the policy in force (source, destination, protocol, ports). A publication that takes"
                        + " more than that away is held. 100 switches it off. Does not count while the policy in force is not this"
                        + " Tailnet's, or when a change made elsewhere is put back.")
        Integer maxRemovedEdgesRatio) {

    public static final PolicyGuards DEFAULT = new PolicyGuards(List.of(), List.of(), 50);

    public PolicyGuards {
        mustReach = mustReach == null ? List.of() : List.copyOf(mustReach);
        mustNotReach = mustNotReach == null ? List.of() : List.copyOf(mustNotReach);
        maxRemovedEdgesRatio = maxRemovedEdgesRatio == null ? 50 : maxRemovedEdgesRatio;
    }
}
