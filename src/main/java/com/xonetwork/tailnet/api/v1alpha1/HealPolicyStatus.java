package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a HealPolicy sees, did, and holds back. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealPolicyStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready summarizes the others. Accepted: the spec is in use. RemediationAllowed: no guard holds back all"
                        + " nodes. StormActive is True while too many nodes are unhealthy, or a common cause is suspected, and until the"
                        + " cooldown is over. NodesHealthy: no node is unhealthy.")
        List<Condition> conditions,

        @JsonPropertyDescription("Number of nodes that the selector selects.") @Nullable
        Integer observedNodes,

        @JsonPropertyDescription("Number of healthy nodes among observedNodes.") @Nullable
        Integer healthyNodes,

        @JsonPropertyDescription("Number of remedies that may start now.") @Nullable
        Integer remediationsAllowed,

        @JsonPropertyDescription("Nodes that are not healthy, by name, at most 100.")
        List<UnhealthyNode> unhealthyNodes,

        @JsonPropertyDescription("The last 20 decisions, the newest first.")
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

            @JsonPropertyDescription("Time since which the node is unhealthy (RFC 3339).")
            String since,

            @JsonPropertyDescription("Evidence: the condition, and how the last remedy ended.")
            String evidence,

            @JsonPropertyDescription(
                    "The rung of the ladder that the node has reached, from 1. Absent before the first remedy.")
            @Nullable
            Integer rung,

            @JsonPropertyDescription("AutomationRuns that were created for the node, the newest first.")
            List<String> remediations) {

        public UnhealthyNode {
            remediations = remediations == null ? List.of() : List.copyOf(remediations);
        }
    }

    /** What was decided about a node, and why. */
    public record Decision(
            @JsonPropertyDescription("Time of the decision (RFC 3339).")
            String time,

            @JsonPropertyDescription("Name of the TailnetNode, or * for all.")
            String node,

            @JsonPropertyDescription("Started, Suggested, Held, Stopped or Recovered.")
            String decision,

            @JsonPropertyDescription(
                    "The guard that held the remedy; RetriesExhausted or Timeout for Stopped; otherwise None.")
            String guard,

            @JsonPropertyDescription("The decision as a sentence.")
            String message) {

        /** Entries of versions that called the field brake have no guard. */
        public Decision {
            guard = guard == null ? "None" : guard;
        }
    }
}
