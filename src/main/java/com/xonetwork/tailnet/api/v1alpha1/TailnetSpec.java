package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a user says about a tailnet. */
@ValidationRule(
        value = "has(self.tailscale) != has(self.headscale)",
        message = "exactly one of tailscale and headscale must be given")
@ValidationRule(
        value =
                "!has(self.pollInterval) || duration(self.pollInterval) >= duration('1s') && duration(self.pollInterval) <="
                        + " duration('1h')",
        message = "pollInterval must be between 1s and 1h")
@ValidationRule(
        value =
                "!has(self.policy) || !has(self.policy.driftCheckInterval) || duration(self.policy.driftCheckInterval) >="
                        + " duration('1s') && duration(self.policy.driftCheckInterval) <= duration('24h')",
        message = "policy.driftCheckInterval must be between 1s and 24h")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetSpec(
        @JsonPropertyDescription("The tailnet is run by Tailscale, or by a service that speaks its API v2.") @Nullable
        TailscaleControlPlane tailscale,

        @JsonPropertyDescription("The tailnet is run by a Headscale server.") @Nullable
        HeadscaleControlPlane headscale,

        @Default("60s")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How often the operator lists the devices, for example 60s (hours, minutes, seconds). It makes one call each"
                        + " time, whatever the number of resources.")
        String pollInterval,

        @JsonPropertyDescription("Limit on API calls: a token bucket for each credential.")
        CallBudgetSpec callBudget,

        @Default("\"Off\"")
        @JsonPropertyDescription(
                "Which devices without a TailnetNode get one. Off (quote it: unquoted it is a boolean in YAML): none."
                        + " Matching: devices that a NodeClass matches. All: all.")
        DeviceImport deviceImport,

        @JsonPropertyDescription(
                "How the policy file is managed. The operator does not write it while there is no AclPolicy.")
        TailnetPolicySpec policy,

        @JsonPropertyDescription("How the routes of this Tailnet's nodes are managed.")
        TailnetRoutesSpec routes,

        @Default("Enforce")
        @JsonPropertyDescription(
                "Enforce: the operator writes the wanted values to the devices of TailnetNodes, and reverts changes made"
                        + " elsewhere. Observe: it writes nothing to devices, and only reports differences. TailnetNode.spec.mode"
                        + " overrides this field.")
        Mode mode,

        @JsonPropertyDescription(
                "Lets webhooks of the tailnet trigger a poll, at POST /webhooks/<namespace>/<name of this Tailnet>. Absent:"
                        + " the operator sees changes at the next poll.")
        @Nullable
        WebhookSpec webhook,

        @JsonPropertyDescription(
                "Removes devices from the tailnet that have certain tags, have no TailnetNode and have been offline for a"
                        + " long time. Only dryRun: false removes any device. Absent: no device is removed.")
        @Nullable
        GarbageCollectionSpec garbageCollection,

        @Default("false")
        @JsonPropertyDescription("true stops all calls to the control plane, for this Tailnet and its nodes.")
        Boolean suspend) {

    public TailnetSpec {
        pollInterval = pollInterval == null ? "60s" : pollInterval;
        callBudget = callBudget == null ? CallBudgetSpec.DEFAULT : callBudget;
        deviceImport = deviceImport == null ? DeviceImport.OFF : deviceImport;
        policy = policy == null ? TailnetPolicySpec.DEFAULT : policy;
        routes = routes == null ? TailnetRoutesSpec.DEFAULT : routes;
        mode = mode == null ? Mode.ENFORCE : mode;
        suspend = suspend != null && suspend;
    }
}
