package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' label selector: all requirements must hold. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LabelSelector(
        @Size(max = 32) @JsonPropertyDescription("Labels that must be there with these values.")
        Map<String, String> matchLabels,

        @Size(max = 32) @JsonPropertyDescription("Further requirements.")
        List<Requirement> matchExpressions) {

    public LabelSelector {
        matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
        matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
    }

    /**
     * Whether an object with these labels is meant.
     *
     * @param all labels of the object; null for none
     */
    public boolean selects(@Nullable Map<String, String> all) {
        var labels = all == null ? Map.<String, String>of() : all;
        return labels.entrySet().containsAll(matchLabels.entrySet())
                && matchExpressions.stream().allMatch(requirement -> requirement.holds(labels));
    }

    /** One requirement on one label. */
    @ValidationRule(
            value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                    + " : !has(self.values) || size(self.values) == 0",
            message = "values must be given for In and NotIn, and left out for Exists and DoesNotExist")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Requirement(
            @Required @Size(min = 1, max = 317) @JsonPropertyDescription("Label key.")
            String key,

            @Required @JsonPropertyDescription("In, NotIn, Exists or DoesNotExist.")
            Operator operator,

            @Size(max = 32) @JsonPropertyDescription("Values for In and NotIn.")
            List<@Size(max = 63) String> values) {
        public Requirement {
            values = values == null ? List.of() : List.copyOf(values);
        }

        private boolean holds(Map<String, String> labels) {
            var value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                // Kubernetes: a label that is not there is not in the list.
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** How a label's value is compared. */
    public enum Operator {
        @JsonProperty("In")
        IN,
        @JsonProperty("NotIn")
        NOT_IN,
        @JsonProperty("Exists")
        EXISTS,
        @JsonProperty("DoesNotExist")
        DOES_NOT_EXIST
    }
}
