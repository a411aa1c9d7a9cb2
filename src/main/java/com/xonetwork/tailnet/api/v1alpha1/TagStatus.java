package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** A desired tag and where it comes from. */
public record TagStatus(
        @JsonPropertyDescription("The tag, tag:name.") String tag,

        @JsonPropertyDescription(
                "Sources of the tag: spec, NodeClass/name, or NodeClass/name (matched) for a tag that a class matched on.")
        List<String> sources) {

    public TagStatus {
        sources = sources == null ? List.of() : List.copyOf(sources);
    }
}
