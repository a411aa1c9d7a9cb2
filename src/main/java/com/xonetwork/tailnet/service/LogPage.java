package com.xonetwork.tailnet.service;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A part of the log of an attempt, as a terminal would have shown it. */
@Schema(description = "A part of the log of an attempt, as a terminal would have shown it.")
record LogPage(
        @Schema(required = true, description = "Number of the attempt.")
        int attempt,

        @Schema(required = true, description = "The lines, each with a line end.")
        String text,

        @Schema(required = true, description = "Number of events before this part.")
        long offset,

        @Schema(required = true, description = "The offset of the next part.")
        long nextOffset,

        @Schema(required = true, description = "Whether this is the last part of the attempt.")
        boolean completed) {}
