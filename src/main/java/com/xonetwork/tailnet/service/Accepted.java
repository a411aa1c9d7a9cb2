package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The answer to an order. */
@Schema(description = "An order that was accepted. Whether it can be carried out, the run says.")
record Accepted(
        @Schema(required = true, description = "NAMESPACE.NAME.")
        String runId,

        @Schema(required = true, description = "Where its record is.")
        String statusUrl,

        @Schema(required = true, description = "Where its events are.")
        String eventsUrl,

        @Schema(required = true) RunLinks links) {

    static Accepted of(AutomationRun run) {
        var id = RunId.of(run);
        var links = RunLinks.of(id);
        return new Accepted(id.toString(), links.self(), links.events(), links);
    }
}
