package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of the policy file. */
@ValidationRule(
        value = "has(self.fragment) != has(self.hujson)",
        message = "exactly one of fragment (YAML) and hujson (text) must be given")
@ValidationRule(
        value = "self.tailnetRef == oldSelf.tailnetRef",
        message = "tailnetRef cannot change: delete this AclPolicy and create one for the other Tailnet")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AclPolicySpec(
        @Required @JsonPropertyDescription("The Tailnet whose policy file this is a part of, in the same namespace.")
        LocalRef tailnetRef,

        @Default("0")
        @Min(-1000)
        @Max(1000)
        @JsonPropertyDescription(
                "Order of the merge: higher priority first, then by name. If two parts contradict each other, the later one"
                        + " is refused.")
        Integer priority,

        @Default("Enforce")
        @JsonPropertyDescription("Enforce makes this part of the published policy. Observe only checks it.")
        Mode mode,

        @JsonDeserialize(using = BoundedJson.OfPolicy.class)
        @PreserveUnknownFields
        @SchemaFrom(type = Map.class)
        @JsonPropertyDescription(
                "Part of the policy file in its own JSON structure, written as YAML: acls, grants, groups, hosts, tagOwners,"
                        + " autoApprovers, ssh, nodeAttrs, tests, sshTests and every other section that the control plane knows. At most"
                        + " 256 KiB. Split a larger one into several AclPolicies.")
        @Nullable
        JsonNode fragment,

        @Size(min = 2, max = 262144)
        @JsonPropertyDescription(
                "The same part as text: JSON with comments and trailing commas. At most 262144 characters.")
        @Nullable
        String hujson) {

    public AclPolicySpec {
        priority = priority == null ? 0 : priority;
        mode = mode == null ? Mode.ENFORCE : mode;
    }
}
