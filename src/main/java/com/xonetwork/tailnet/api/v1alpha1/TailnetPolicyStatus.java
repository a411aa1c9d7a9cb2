package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The merged policy and how it stands to the one in force. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetPolicyStatus(
        @JsonPropertyDescription(
                "SHA-256 of the merged policy's meaning: the same whatever the formatting or order of resources.")
        @Nullable
        String mergedHash,

        @JsonPropertyDescription("The same of the policy last seen in force.") @Nullable
        String inForceHash,

        @JsonPropertyDescription("Every AclPolicy of this Tailnet, in the order of the merge.")
        List<PolicyFragmentStatus> fragments,

        @JsonPropertyDescription(
                "What publishing the merged policy would change; absent when it is in force, or the devices or policies are not"
                        + " known.")
        @Nullable
        PolicyImpact impact) {

    public TailnetPolicyStatus {
        fragments = fragments == null ? List.of() : List.copyOf(fragments);
    }
}
