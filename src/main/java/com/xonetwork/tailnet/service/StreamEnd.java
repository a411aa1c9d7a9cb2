package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The last event of a stream. */
@Schema(description = "The event named end. It is the last event, and a client need not connect again.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamEnd(
        @Schema(description = "Final phase of the run; absent if the stream ended for another reason.") @Nullable
        RunPhase phase,

        @Schema(description = "What the last attempt's runner sent, and whether all of it arrived.")
        AutomationRunStatus.@Nullable Events events,

        @Schema(description = "Why the stream ended before the run did.") @Nullable
        String message) {}
