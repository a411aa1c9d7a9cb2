package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a tailnet. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready summarizes the others. CredentialsValid, Reachable, DevicesListed, ClockInSync, PolicyInSync,"
                        + " DevicesImported, WebhookReady and GarbageCollection state one fact each. Reconciling is True while work is"
                        + " in progress. Stalled is True when a human must act.")
        List<Condition> conditions,

        @JsonPropertyDescription("The control plane in use.") @Nullable
        String controlPlane,

        @JsonPropertyDescription("Capabilities of the control plane, as detected.")
        List<String> capabilities,

        @JsonPropertyDescription("Devices, as last listed.") @Nullable
        DeviceCounts devices,

        @JsonPropertyDescription("The policy file. Absent while there is no AclPolicy.") @Nullable
        TailnetPolicyStatus policy)
        implements ConditionedStatus {

    public TailnetStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
    }
}
