package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The merged policy and how it stands to the one in force. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetPolicyStatus(
        @JsonPropertyDescription(
                "SHA-256 of the meaning of the merged policy. It does not depend on formatting or the order of resources.")
        @Nullable
        String mergedHash,

        @JsonPropertyDescription("The same hash of the policy that was last seen in force.") @Nullable
        String inForceHash,

        @JsonPropertyDescription("Every AclPolicy of this Tailnet, in the order of the merge.")
        List<PolicyFragmentStatus> fragments,

        @JsonPropertyDescription(
                "What publishing the merged policy would change. Absent if it is in force, or if the devices or policies are"
                        + " not known.")
        @Nullable
        PolicyImpact impact) {

    public TailnetPolicyStatus {
        fragments = fragments == null ? List.of() : List.copyOf(fragments);
    }
}
