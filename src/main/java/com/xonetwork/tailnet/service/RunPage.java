package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some runs, by name. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunPage(
        @Schema(required = true) List<RunView> items,

        @Schema(
                name = "continue",
                description =
                        "Token for the next page; absent on the last one. A page can hold fewer runs than its limit, even"
                                + " none, and not be the last.")
        @JsonProperty("continue")
        @Nullable
        String next) {}
