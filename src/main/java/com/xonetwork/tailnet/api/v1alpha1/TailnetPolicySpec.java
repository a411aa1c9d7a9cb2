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
                "Enforce publishes the merged AclPolicies and reverts changes made elsewhere. Observe only reports the"
                        + " difference.")
        Mode mode,

        @Default("Refuse")
        @JsonPropertyDescription(
                "What to do when somebody else wrote the policy file in force. Refuse: leave the file, and say so in"
                        + " PolicyInSync. Replace: overwrite it. You need Replace only once: after that the file is this Tailnet's.")
        ForeignPolicy onForeignPolicy,

        @Default("5m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How often the operator reads the policy file to find changes made elsewhere, for example 5m (hours, minutes,"
                        + " seconds). It does so only while there is an AclPolicy, with one call each time.")
        String driftCheckInterval,

        @Default("Enforce")
        @JsonPropertyDescription(
                "What happens to a merged policy that the operator expects the control plane to refuse. Enforce: the operator"
                        + " does not send it. Warn: the operator sends it, and says so in PolicyInSync.")
        PolicyValidation validation,

        @JsonPropertyDescription("Guards. Each can hold a publication until a human approves it with the annotation"
                + " tailnet.xo-network.com/approve and the hash in the condition.")
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
