package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a HealPolicy sees, did, and holds back. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealPolicyStatus(
        @JsonPropertyDescription("The metadata.generation that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready sums up. Accepted: the spec is in use. RemediationAllowed: no guard holds. StormActive is true while too"
                        + " many nodes are unhealthy, or what several share is suspected, and until the cooldown is over."
                        + " NodesHealthy: no node is unhealthy.")
        List<Condition> conditions,

        @JsonPropertyDescription("Nodes that the selector means.") @Nullable
        Integer observedNodes,

        @JsonPropertyDescription("Those of them that are healthy.") @Nullable
        Integer healthyNodes,

        @JsonPropertyDescription("Remedies that may begin now.") @Nullable
        Integer remediationsAllowed,

        @JsonPropertyDescription("Nodes that are not healthy, by name, at most 100.")
        List<UnhealthyNode> unhealthyNodes,

        @JsonPropertyDescription(
                "The last 20 decisions, the newest first, each with the guard that allowed or held it.")
        List<Decision> decisions)
        implements ConditionedStatus {

    public static final int MAX_NODES = 100;
    public static final int MAX_DECISIONS = 20;

    public HealPolicyStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        unhealthyNodes = unhealthyNodes == null ? List.of() : List.copyOf(unhealthyNodes);
        decisions = decisions == null ? List.of() : List.copyOf(decisions);
    }

    /** A node that is not healthy. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnhealthyNode(
            @JsonPropertyDescription("Name of the TailnetNode.")
            String name,

            @JsonPropertyDescription("Since when (RFC 3339).")
            String since,

            @JsonPropertyDescription("What shows it: the condition, and how its last remedy ended.")
            String evidence,

            @JsonPropertyDescription("The rung of the ladder that it has come to, from 1; absent before the first.")
            @Nullable
            Integer rung,

            @JsonPropertyDescription("AutomationRuns that were made for it, the newest first.")
            List<String> remediations) {

        public UnhealthyNode {
            remediations = remediations == null ? List.of() : List.copyOf(remediations);
        }
    }

    /** What was decided about a node, and why. */
    public record Decision(
            @JsonPropertyDescription("When (RFC 3339).") String time,

            @JsonPropertyDescription("Name of the TailnetNode, or * for all.")
            String node,

            @JsonPropertyDescription("Started, Suggested, Held, Stopped or Recovered.")
            String decision,

            @JsonPropertyDescription("The guard that held it, or None.")
            String guard,

            @JsonPropertyDescription("In words.") String message) {

        /** An entry of a version that called it otherwise lacks the guard. */
        public Decision {
            guard = guard == null ? "None" : guard;
        }
    }
}
