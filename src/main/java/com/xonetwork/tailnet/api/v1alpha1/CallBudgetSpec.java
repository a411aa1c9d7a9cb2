package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How many calls the operator may make with this Tailnet's credentials. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallBudgetSpec(
        @Default("5") @Min(1) @Max(100) @JsonPropertyDescription("Calls per second on average.")
        Integer perSecond,

        @Default("10")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription("Number of calls that the operator may make at once after a time without calls.")
        Integer burst) {

    public static final CallBudgetSpec DEFAULT = new CallBudgetSpec(5, 10);

    public CallBudgetSpec {
        perSecond = perSecond == null ? 5 : perSecond;
        burst = burst == null ? 10 : burst;
    }
}
