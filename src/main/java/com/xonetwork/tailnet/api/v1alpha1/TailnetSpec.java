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
                "How often the devices are listed, for example 60s (hours, minutes, seconds). One call each time, whatever the"
                        + " number of resources.")
        String pollInterval,

        @JsonPropertyDescription("How many API calls may be made: a token bucket for each credential.")
        CallBudgetSpec callBudget,

        @Default("\"Off\"")
        @JsonPropertyDescription(
                "Which devices without a TailnetNode get one: Off (quote it: unquoted it is a boolean in YAML), Matching"
                        + " (those that a NodeClass matches), All.")
        DeviceImport deviceImport,

        @JsonPropertyDescription("How the policy file is handled. It is not touched while there is no AclPolicy.")
        TailnetPolicySpec policy,

        @JsonPropertyDescription("How the routes of this Tailnet's nodes are handled.")
        TailnetRoutesSpec routes,

        @Default("Enforce")
        @JsonPropertyDescription(
                "Enforce brings the devices of TailnetNodes to what is wanted and puts back what is changed elsewhere; Observe"
                        + " writes nothing to devices and only reports the differences. TailnetNode.spec.mode overrides it.")
        Mode mode,

        @JsonPropertyDescription(
                "Lets the tailnet's webhooks ask for a poll at once, at POST /webhooks/<namespace>/<name of this Tailnet>."
                        + " Without it, changes are seen at the next poll.")
        @Nullable
        WebhookSpec webhook,

        @JsonPropertyDescription(
                "Removes devices from the tailnet that carry certain tags, have no TailnetNode and have been offline for long. No"
                        + " device is removed when absent; with it only dryRun: false removes any.")
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
