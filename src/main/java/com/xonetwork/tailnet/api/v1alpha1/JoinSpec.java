package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a machine gets into the tailnet. */
@ValidationRule(value = "has(self.manual)", message = "join needs a way to join: manual")
@ValidationRule(
        value =
                "!has(self.manual) || !has(self.manual.keyValidFor) || duration(self.manual.keyValidFor) >= duration('10m') &&"
                        + " duration(self.manual.keyValidFor) <= duration('1h')",
        message = "join.manual.keyValidFor must be between 10m and 1h")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JoinSpec(
        @JsonPropertyDescription(
                "While the machine has not joined, the Secret NAME-join holds a join key for one use (key authkey), and"
                        + " status.join has the command to use it with.")
        @Nullable
        ManualJoin manual) {}
