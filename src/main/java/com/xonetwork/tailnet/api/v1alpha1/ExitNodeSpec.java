package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What a user says about an exit node. */
@ValidationRule(
        value = "self.tailnetRef == oldSelf.tailnetRef",
        message = "tailnetRef cannot change: delete this ExitNode and create one for the other Tailnet")
@ValidationRule(
        value = "self.candidates.all(c, self.candidates.exists_one(d, d.node == c.node))",
        message = "each node can be a candidate only once")
@ValidationRule(
        value = "!has(self.failbackDelay) || duration(self.failbackDelay) <= duration('24h')",
        message = "failbackDelay must be at most 24h")
@ValidationRule(
        value = "!has(self.minDwell) || duration(self.minDwell) <= duration('24h')",
        message = "minDwell must be at most 24h")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ExitNodeSpec(
        @Required @JsonPropertyDescription("The Tailnet that the nodes belong to, in the same namespace.")
        LocalRef tailnetRef,

        @Required @Size(min = 1, max = 16) @JsonPropertyDescription("Nodes that may serve as exits.")
        List<Candidate> candidates,

        @Default("5m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How long a preferred candidate must be healthy without a break before it is chosen again, for example 5m"
                        + " (hours, minutes, seconds).")
        String failbackDelay,

        @Default("60s")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "Shortest time between two changes of the choice, for example 60s. It keeps a flapping node from changing the"
                        + " choice again and again.")
        String minDwell,

        @Default("KeepClosed")
        @JsonPropertyDescription(
                "What to do while no candidate is healthy. KeepClosed: the last choice stays, so traffic is cut rather than"
                        + " sent around the exit node. Clear: no candidate is active, and clients that follow this resource send traffic"
                        + " directly.")
        OnNoneHealthy onNoneHealthy) {

    public ExitNodeSpec {
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
        failbackDelay = failbackDelay == null ? "5m" : failbackDelay;
        minDwell = minDwell == null ? "60s" : minDwell;
        onNoneHealthy = onNoneHealthy == null ? OnNoneHealthy.KEEP_CLOSED : onNoneHealthy;
    }

    /** A node that may be the exit. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Candidate(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the TailnetNode.")
            String node,

            @Default("0")
            @Min(-1000)
            @Max(1000)
            @JsonPropertyDescription(
                    "The healthy candidate with the highest priority is chosen; of equals the first in the list.")
            Integer priority) {

        public Candidate {
            priority = priority == null ? 0 : priority;
        }
    }

    /** What becomes of the choice when there is nothing healthy to choose. */
    public enum OnNoneHealthy {
        @JsonProperty("KeepClosed")
        KEEP_CLOSED,
        @JsonProperty("Clear")
        CLEAR
    }
}
