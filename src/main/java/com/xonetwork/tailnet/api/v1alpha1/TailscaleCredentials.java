package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How the operator proves itself to the Tailscale API. */
@ValidationRule(
        value = "has(self.secretRef) != has(self.workloadIdentity)",
        message = "credentials need exactly one of secretRef and workloadIdentity")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailscaleCredentials(
        @JsonPropertyDescription(
                "Secret in the same namespace that holds client_id and client_secret (an OAuth client), or api_key. It is read by"
                        + " name, never listed or watched.")
        @Nullable
        LocalRef secretRef,

        @JsonPropertyDescription("Workload identity federation: no secret anywhere.") @Nullable
        WorkloadIdentity workloadIdentity) {}
