package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** How the tailnet's policy file is handled. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetPolicySpec(
        @Default("Enforce")
        @JsonPropertyDescription(
                "Enforce publishes the merged AclPolicies and puts back what is changed elsewhere; Observe only reports"
                        + " the difference.")
        Mode mode,

        @Default("Refuse")
        @JsonPropertyDescription(
                "What to do when the policy file in force was written by somebody else: Refuse leaves it and says so,"
                        + " Replace overwrites it. Needed once: afterwards the file is this Tailnet's.")
        ForeignPolicy onForeignPolicy,

        @Default("5m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How often the policy file is read to find changes made elsewhere, for example 5m (hours, minutes, seconds). Only"
                        + " while there is an AclPolicy; one call each time.")
        String driftCheckInterval,

        @Default("Enforce")
        @JsonPropertyDescription(
                "What happens to a merged policy that the operator itself, before it asks the control plane, finds to be refused:"
                        + " Enforce does not send it; Warn says so and sends it all the same.")
        PolicyValidation validation,

        @JsonPropertyDescription(
                "Guards. Each can hold a publication back until a human approves it, with the annotation tailnet.xo-network.com/approve and"
                        + " the hash in the condition.")
        PolicyGuards guards) {

    public static final TailnetPolicySpec DEFAULT = new TailnetPolicySpec(
            Mode.ENFORCE, ForeignPolicy.REFUSE, "5m", PolicyValidation.ENFORCE, PolicyGuards.DEFAULT);

    public TailnetPolicySpec {
        mode = mode == null ? Mode.ENFORCE : mode;
        onForeignPolicy = onForeignPolicy == null ? ForeignPolicy.REFUSE : onForeignPolicy;
        driftCheckInterval = driftCheckInterval == null ? "5m" : driftCheckInterval;
        validation = validation == null ? PolicyValidation.ENFORCE : validation;
        guards = guards == null ? PolicyGuards.DEFAULT : guards;
    }
}
