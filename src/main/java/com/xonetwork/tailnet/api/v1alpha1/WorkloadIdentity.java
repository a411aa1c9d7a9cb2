package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A federated identity of the tailnet, and the ServiceAccount that it trusts. The audience of the account's tokens is not a
 * field: with a free choice of it, who may write a Tailnet could have a token made for the cluster's own API server and sent to
 * a host of theirs.
 */
public record WorkloadIdentity(
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z0-9_-]+$")
        @JsonPropertyDescription(
                "Client ID of the federated identity, as the admin console shows it. It is not a secret.")
        String clientId,

        @Required
        @JsonPropertyDescription(
                "ServiceAccount in the same namespace. The operator exchanges a short-lived token of this account, with the"
                        + " audience api.tailscale.com/<clientId>, for an access token. The operator needs the right to create tokens of"
                        + " the account.")
        LocalRef serviceAccountRef) {}
