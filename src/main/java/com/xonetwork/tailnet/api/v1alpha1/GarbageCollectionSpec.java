package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which devices that nobody owns are removed from the tailnet, and how fast. */
@ValidationRule(
        value = "!has(self.offlineLongerThan) || duration(self.offlineLongerThan) >= duration('1h') &&"
                + " duration(self.offlineLongerThan) <= duration('8760h')",
        message = "garbageCollection.offlineLongerThan must be between 1h and 8760h")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GarbageCollectionSpec(
        @Required
        @Size(min = 1, max = 16)
        @JsonPropertyDescription(
                "Only devices with one of these tags are ever removed. Use tags that only TailnetNodes, their classes and"
                        + " their join keys give.")
        List<@Size(max = 128) @Pattern(TailnetNodeSpec.TAG) String> tags,

        @Default("720h")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "How long a device without a TailnetNode must have been offline, for example 720h (hours, minutes, seconds).")
        String offlineLongerThan,

        @Default("5")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Maximum number of devices that are removed within any hour.")
        Integer maxDeletionsPerHour,

        @Default("10")
        @Min(1)
        @Max(50)
        @JsonPropertyDescription(
                "Percent of the tailnet's devices, at least one device. If more would be removed, none is.")
        Integer maxRatio,

        @Default("true")
        @JsonPropertyDescription("true only says which devices would be removed, in the condition GarbageCollection.")
        Boolean dryRun) {

    public GarbageCollectionSpec {
        tags = tags == null ? List.of() : List.copyOf(tags);
        offlineLongerThan = offlineLongerThan == null ? "720h" : offlineLongerThan;
        maxDeletionsPerHour = maxDeletionsPerHour == null ? 5 : maxDeletionsPerHour;
        maxRatio = maxRatio == null ? 10 : maxRatio;
        dryRun = dryRun == null || dryRun;
    }
}
