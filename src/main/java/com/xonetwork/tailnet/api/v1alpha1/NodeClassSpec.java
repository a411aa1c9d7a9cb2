package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes of a class get. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeClassSpec(
        @Required @JsonPropertyDescription("Selects the TailnetNodes of this namespace that belong to the class.")
        NodeMatch match,

        @JsonPropertyDescription("Only nodes of this Tailnet. Absent: nodes of all Tailnets in the namespace.")
        @Nullable
        LocalRef tailnetRef,

        @Default("0")
        @Min(-1000)
        @Max(1000)
        @JsonPropertyDescription(
                "When several classes match, each adds its tags. Single values (keyExpiry, approved) come from the class with"
                        + " the highest priority that sets them, then from the first by name.")
        Integer priority,

        @Size(max = 64) @JsonPropertyDescription("Tags (tag:name) that every node of the class gets.")
        List<@Size(max = 128) @Pattern(TailnetNodeSpec.TAG) String> tags,

        @JsonPropertyDescription("Disabled: node keys never expire. Enabled: they do. Absent: not managed.") @Nullable
        KeyExpiry keyExpiry,

        @JsonPropertyDescription(
                "true approves nodes that wait for device approval. false withdraws approval. Absent: not managed.")
        @Nullable
        Boolean approved,

        @JsonPropertyDescription(
                "Preferences of tailscaled on nodes of the class with join.ssh. Each field comes from the class with the"
                        + " highest priority that sets it.")
        @Nullable
        NodePreferences preferences) {

    public NodeClassSpec {
        priority = priority == null ? 0 : priority;
        tags = tags == null ? List.of() : List.copyOf(tags);
    }
}
