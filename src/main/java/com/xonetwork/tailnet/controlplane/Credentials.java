package com.xonetwork.tailnet.controlplane;

/** How the operator proves itself to a control plane. No variant ever shows its secret in {@code toString}. */
public sealed interface Credentials {

    /** A name for metrics and for telling two credentials apart; carries nothing secret. */
    String label();

    /**
     * A Tailscale OAuth client (client credentials grant).
     *
     * @param clientId public part
     * @param clientSecret {@code tskey-client-...}
     */
    record OAuthClient(String clientId, String clientSecret) implements Credentials {
        @Override
        public String label() {
            return "oauth-client:" + clientId;
        }

        @Override
        public String toString() {
            return "OAuthClient[clientId=" + clientId + ", clientSecret=***]";
        }
    }

    /**
     * A Tailscale federated identity (workload identity federation): a token of somebody whom the tailnet trusts, made for
     * the purpose and exchanged for an access token. No lasting secret exists anywhere.
     *
     * @param clientId of the federated identity; public
     * @param tokens makes the tokens to exchange
     */
    record WorkloadIdentity(String clientId, IdentityTokens tokens) implements Credentials {
        /** With the subject: nobody else shares its call budget by naming the same identity. */
        @Override
        public String label() {
            return "workload-identity:" + clientId + ":" + tokens.subject();
        }

        @Override
        public String toString() {
            return "WorkloadIdentity[clientId=" + clientId + ", subject=" + tokens.subject() + "]";
        }
    }

    /** A Tailscale API access token or a Headscale API key, sent as a bearer token. */
    record ApiKey(String key) implements Credentials {
        @Override
        public String label() {
            return "api-key";
        }

        @Override
        public String toString() {
            return "ApiKey[key=***]";
        }
    }
}
