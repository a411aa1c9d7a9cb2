package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Where the credentials of a control plane are kept. The Secret is read by name; it is never listed or watched. */
public record ControlPlaneCredentials(
        @Required @JsonPropertyDescription("Secret in the same namespace that holds api_key.")
        LocalRef secretRef) {}
