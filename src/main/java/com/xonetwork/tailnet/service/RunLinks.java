package com.xonetwork.tailnet.service;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Links, as paths on the same server. */
@Schema(description = "Links, as paths on the same server.")
record RunLinks(String self, String events, String log, String cancel, String approve) {

    static RunLinks of(RunId run) {
        var self = "/api/runs/" + run;
        return new RunLinks(self, self + "/events", self + "/log", self + "/cancel", self + "/approve");
    }
}
