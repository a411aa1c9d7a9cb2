package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about an exit node. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExitNodeStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready summarizes the others. Accepted: the spec is in use. Advertised: every candidate offers itself as an"
                        + " exit node. Approved: the control plane has approved every candidate. Serving: the choice in status.active is"
                        + " healthy.")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "The candidate to use as exit node now. Absent if no candidate has been healthy yet, or if none is healthy and"
                        + " onNoneHealthy is Clear.")
        @Nullable
        Active active,

        @JsonPropertyDescription("Each candidate, most preferred first.")
        List<CandidateStatus> candidates)
        implements ConditionedStatus {

    public ExitNodeStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
    }

    /** The choice. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Active(
            @JsonPropertyDescription("Name of the TailnetNode.")
            String node,

            @JsonPropertyDescription("Device ID of the candidate when it was chosen.") @Nullable
            String deviceId,

            @JsonPropertyDescription("Tailnet address of the active candidate, for tailscale set --exit-node.")
            @Nullable
            String address,

            @JsonPropertyDescription("When it was chosen (RFC 3339).")
            String since) {}

    /** One candidate. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CandidateStatus(
            @JsonPropertyDescription("Name of the TailnetNode.")
            String node,

            @JsonPropertyDescription("True, False, or Unknown while the device list is not known.")
            String healthy,

            @JsonPropertyDescription("Why the candidate is not healthy, and what to do.") @Nullable
            String message) {}
}
