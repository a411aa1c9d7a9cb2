package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How long things may take. Hours, minutes and seconds, for example 1h30m. */
@ValidationRule(
        value =
                "[self.run, self.host, self.idle].all(d, duration(d) >= duration('1s') && duration(d) <= duration('24h'))",
        message = "timeouts must be between 1s and 24h")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationTimeouts(
        @Default("30m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("For one attempt as a whole.")
        String run,

        @Default("10m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("For one task on one machine.")
        String host,

        @Default("5m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Without any event from any machine.")
        String idle) {

    static final AutomationTimeouts DEFAULT = new AutomationTimeouts("30m", "10m", "5m");

    public AutomationTimeouts {
        run = run == null ? "30m" : run;
        host = host == null ? "10m" : host;
        idle = idle == null ? "5m" : idle;
    }
}
