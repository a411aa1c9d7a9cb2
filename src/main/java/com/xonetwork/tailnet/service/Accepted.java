package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The answer to an order. */
@Schema(description = "An order that was accepted. The run says whether it can be carried out.")
record Accepted(
        @Schema(required = true, description = "NAMESPACE.NAME.")
        String runId,

        @Schema(required = true, description = "Path of the run.")
        String statusUrl,

        @Schema(required = true, description = "Path of its events.")
        String eventsUrl,

        @Schema(required = true) RunLinks links) {

    static Accepted of(AutomationRun run) {
        var id = RunId.of(run);
        var links = RunLinks.of(id);
        return new Accepted(id.toString(), links.self(), links.events(), links);
    }
}
