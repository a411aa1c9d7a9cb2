package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** A human, or another tool, brings the machine in with a key from a Secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManualJoin(
        @Default("1h")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How long a key can be used, from 10m to 1h (hours, minutes, seconds). If the machine has not joined after"
                        + " three quarters of that time, the operator replaces the key.")
        String keyValidFor) {

    public ManualJoin {
        keyValidFor = keyValidFor == null ? "1h" : keyValidFor;
    }
}
