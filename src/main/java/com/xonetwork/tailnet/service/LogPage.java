package com.xonetwork.tailnet.service;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A piece of what a terminal would have shown. */
@Schema(description = "A piece of what a terminal would have shown.")
record LogPage(
        @Schema(required = true, description = "The attempt that it is of.")
        int attempt,

        @Schema(required = true, description = "Lines, each ended.")
        String text,

        @Schema(required = true, description = "Events before this piece.")
        long offset,

        @Schema(required = true, description = "What to ask for next.")
        long nextOffset,

        @Schema(required = true, description = "Nothing will follow in this attempt.")
        boolean completed) {}
