package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** What a run of a template may say about its machines. */
public record TemplateTargets(
        @Default("false")
        @JsonPropertyDescription(
                "Whether a run may set the address, port, user or hostKey of a machine. false: the runner uses the tailnet"
                        + " address of the TailnetNode, with ssh.port and ssh.user. true: whoever may create AutomationRuns decides"
                        + " which host gets the template's secrets. A run's hostKey also needs ssh.hostKeys: TrustOnFirstUse.")
        Boolean override) {

    /** A run names machines and nothing more. */
    public static final TemplateTargets DEFAULT = new TemplateTargets(false);

    public TemplateTargets {
        override = override != null && override;
    }
}
