package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.runner.RunEvent;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An event of a runner, with its attempt. */
@Schema(description = "An event as in runners/contract.md, with the number of its attempt.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamedEvent(
        int attempt,
        long counter,
        String time,
        String type,
        @Nullable String host,
        @Nullable String task,
        @Nullable Boolean changed,
        @Nullable String message,
        @Nullable String text,
        @Schema(type = SchemaType.OBJECT) @Nullable JsonNode data,
        @Nullable Boolean truncated) {

    static StreamedEvent of(int attempt, RunEvent event) {
        return new StreamedEvent(
                attempt,
                event.counter(),
                event.time(),
                event.type(),
                event.host(),
                event.task(),
                event.changed(),
                event.message(),
                event.text(),
                event.data(),
                event.truncated());
    }
}
