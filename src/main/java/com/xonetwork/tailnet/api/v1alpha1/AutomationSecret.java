package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A secret that an automation gets. The operator never reads it: the runner's pod mounts it as a file. */
public record AutomationSecret(
        @Required
        @Size(min = 1, max = 64)
        @Pattern(AutomationSecret.VARIABLE)
        @JsonPropertyDescription(AutomationEngine.VARIABLE)
        String variable,

        @Required @JsonPropertyDescription("The key of a Secret that holds the value.")
        KeyRef secretRef) {

    /** What all engines take as a name; names of Ansible's own are refused by a rule of their own. */
    static final String VARIABLE = "^[a-z][a-z0-9_]*$";
}
