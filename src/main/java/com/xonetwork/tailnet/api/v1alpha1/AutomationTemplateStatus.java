package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a template. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationTemplateStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready: runs of this template can start. Valid: the parameter schema is valid and the source exists.")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "Hash of the source that the next run would use. Absent if the source is in the image.")
        @Nullable
        String sourceDigest)
        implements ConditionedStatus {

    public AutomationTemplateStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
