package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes condition. Own type rather than Fabric8's because its fields carry {@code kubectl explain} text and cannot
 * be changed once in a cache.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Required @JsonPropertyDescription("What this condition is about, for example Ready.")
        String type,

        @Required @JsonPropertyDescription("True, False or Unknown. Unknown means that the operator cannot see it now.")
        String status,

        @Required @JsonPropertyDescription("The reason in one word, for scripts.")
        String reason,

        @Required @JsonPropertyDescription("The present state, and what to do about it.")
        String message,

        @JsonPropertyDescription("The metadata.generation that this condition is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When the status last changed (RFC 3339).") @Nullable
        String lastTransitionTime) {

    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";

    /**
     * Thousands of resources say the same words, a dozen conditions each: were every cached copy of a word one of its own,
     * they would be most of the operator's heap. The JVM's table of strings lets go what nobody uses any more.
     */
    public Condition {
        type = type.intern();
        status = status.intern();
        reason = reason.intern();
        message = message.intern();
        lastTransitionTime = lastTransitionTime == null ? null : lastTransitionTime.intern();
    }
}
