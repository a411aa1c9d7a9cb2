package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A tailnet behind a Headscale server (its API v1). */
@ValidationRule(value = ApiGroup.URL_RULE, message = ApiGroup.URL_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeadscaleControlPlane(
        @Required
        @Size(min = 1, max = 2048)
        @JsonPropertyDescription(
                "URL of Headscale, without the path /api/v1. https only; plain http is possible only to hosts that the"
                        + " operator's own configuration lists.")
        String url,

        @Required @JsonPropertyDescription("Credentials for the API: a Headscale API key.")
        ControlPlaneCredentials credentials,

        @JsonPropertyDescription("Further certificate authorities to trust, besides those of the operator's image.")
        @Nullable
        CaBundle caBundle) {}
