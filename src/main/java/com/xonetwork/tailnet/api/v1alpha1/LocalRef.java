package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A reference by name within the resource's own namespace: there are no cross-namespace references. */
public record LocalRef(
        @Required
        @Size(min = 1, max = 253)
        @Pattern(LocalRef.NAME)
        @JsonPropertyDescription("Name of the object, in the same namespace.")
        String name) {

    /** What Kubernetes takes as the name of an object. Names become parts of URLs: a slash or two dots would name something else. */
    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
}
