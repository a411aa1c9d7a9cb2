package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A tailnet behind the Tailscale API v2. */
@ValidationRule(value = ApiGroup.URL_RULE, message = ApiGroup.URL_MESSAGE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailscaleControlPlane(
        @Default("\"-\"")
        @Size(min = 1, max = 253)
        @Pattern("^[^/?#\\s]+$")
        @JsonPropertyDescription(
                "Tailnet ID or name as the API takes it; - means the tailnet that the credentials belong to.")
        String tailnet,

        @Default(TailscaleControlPlane.SERVICE)
        @Size(min = 1, max = 2048)
        @JsonPropertyDescription(
                "URL of the API, without the path /api/v2. https only; plain http is possible only to hosts that the"
                        + " operator's own configuration lists.")
        String url,

        @Required
        @JsonPropertyDescription(
                "Credentials for the API: a federated identity, an OAuth client, or an API access token (not recommended: it"
                        + " has all rights of its user, and it expires).")
        TailscaleCredentials credentials,

        @JsonPropertyDescription("Further certificate authorities to trust, besides those of the operator's image.")
        @Nullable
        CaBundle caBundle) {

    /** Where Tailscale's own service is. */
    public static final String SERVICE = "https://api.tailscale.com";

    /** Whether Tailscale's own service is at this URL, and not another that speaks its API. */
    public static boolean isService(String url) {
        return url.replaceAll("/+$", "").equals(SERVICE);
    }

    public TailscaleControlPlane {
        tailnet = tailnet == null ? "-" : tailnet;
        url = url == null ? SERVICE : url;
    }
}
