package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a ConfigMap or Secret in the resource's own namespace. */
public record KeyRef(
        @Required
        @Size(min = 1, max = 253)
        @Pattern(LocalRef.NAME)
        @JsonPropertyDescription("Name of the ConfigMap or Secret, in the same namespace.")
        String name,

        @Required @Size(min = 1, max = 253) @Pattern(KeyRef.KEY) @JsonPropertyDescription("Key whose value is used.")
        String key) {

    /** What Kubernetes takes as a key of either. Keys become names of files in a runner's pod. */
    static final String KEY = "^[-._a-zA-Z0-9]+$";
}
