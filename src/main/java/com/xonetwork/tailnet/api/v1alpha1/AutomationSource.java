package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the automation itself is. */
@ValidationRule(
        value = "has(self.builtin) != has(self.configMap)",
        message = "source must have exactly one of builtin and configMap")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationSource(
        @Size(min = 1, max = 128)
        @Pattern(AutomationSource.BUILTIN)
        @JsonPropertyDescription(AutomationEngine.BUILTIN)
        @Nullable
        String builtin,

        @JsonPropertyDescription("A ConfigMap in the same namespace.") @Nullable
        Files configMap) {

    static final String BUILTIN = "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$";
    static final String ENTRY = "^[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-z][a-z0-9_]*)?$";

    /** Files that a ConfigMap holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Files(
            @Required
            @Size(min = 1, max = 253)
            @Pattern(LocalRef.NAME)
            @JsonPropertyDescription("Name of the ConfigMap.")
            String name,

            @Required
            @Size(min = 1, max = 128)
            @Pattern(AutomationSource.ENTRY)
            @JsonPropertyDescription(AutomationEngine.ENTRY)
            String entry) {}
}
