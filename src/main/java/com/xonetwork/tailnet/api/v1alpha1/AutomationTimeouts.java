package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Time limits. Hours, minutes and seconds, for example 1h30m. The three fit each other: a task has its whole time
 * before the run counts as idle, because a task tells nothing while it works.
 */
@ValidationRule(
        value =
                "[self.run].all(d, duration(d) >= duration('1s') && duration(d) <= duration('24h'))"
                        + " && (!has(self.host) || duration(self.host) >= duration('1s') && duration(self.host) <= duration('24h'))"
                        + " && (!has(self.idle) || duration(self.idle) >= duration('1s') && duration(self.idle) <= duration('24h'))",
        message = "timeouts must be between 1s and 24h")
@ValidationRule(
        value = "!has(self.host) || duration(self.host) <= duration(self.run)",
        message = "timeouts.host must not be longer than timeouts.run: one task cannot take longer than the whole")
@ValidationRule(
        value = "!has(self.host) || !has(self.idle) || duration(self.idle) >= duration(self.host)",
        message =
                "timeouts.idle must not be shorter than timeouts.host, because a task tells nothing while it works: raise"
                        + " timeouts.idle, or leave it out")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationTimeouts(
        @Default("30m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Limit for one attempt as a whole.")
        String run,

        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Limit for one task on one machine. Absent: 10m, or run or idle if that is shorter.")
        String host,

        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "Limit for the time without any event from any machine. A task sends no events while it works, so idle must"
                        + " not be shorter than host. Absent: a minute more than host.")
        String idle) {

    private static final Duration DEFAULT_HOST = Duration.ofMinutes(10);
    private static final Duration BEYOND_HOST = Duration.ofMinutes(1);

    static final AutomationTimeouts DEFAULT = new AutomationTimeouts("30m", "10m", "11m");

    public AutomationTimeouts {
        run = run == null ? "30m" : run;
        host = host == null ? shortest(run, idle) : host;
        idle = idle == null ? DurationText.of(DurationText.parse(host).plus(BEYOND_HOST)) : idle;
    }

    private static String shortest(String run, @Nullable String idle) {
        var most = idle == null || DurationText.parse(run).compareTo(DurationText.parse(idle)) < 0 ? run : idle;
        return DEFAULT_HOST.compareTo(DurationText.parse(most)) <= 0 ? "10m" : most;
    }
}
