package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.IdentityTokens;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * Tokens of a ServiceAccount, made by the API server for one audience (TokenRequest). The account is always one of the
 * Tailnet's own namespace, and the audience one that no API server takes: a token that got into wrong hands opens nothing in a
 * cluster.
 */
record ServiceAccountTokens(KubernetesClient kubernetes, String namespace, String account, String audience)
        implements IdentityTokens {

    /** The shortest life that API servers allow; an exchange takes seconds. */
    private static final long SECONDS = 600;

    @Override
    public String issue() {
        try {
            var issued = kubernetes
                    .serviceAccounts()
                    .inNamespace(namespace)
                    .withName(account)
                    .tokenRequest(request());
            return Optional.ofNullable(issued)
                    .map(TokenRequest::getStatus)
                    .map(status -> status.getToken())
                    .filter(token -> !token.isBlank())
                    .orElseThrow(() -> new ControlPlaneException.Unavailable(
                            0, "the API server made no token of ServiceAccount " + account, null));
        } catch (KubernetesClientException e) {
            throw explained(e);
        }
    }

    private TokenRequest request() {
        return new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withExpirationSeconds(SECONDS)
                .endSpec()
                .build();
    }

    private ControlPlaneException explained(KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND ->
                new ControlPlaneException.Unauthorized(
                        0, "there is no ServiceAccount " + account + " in this namespace: create it");
            case HttpURLConnection.HTTP_FORBIDDEN ->
                new ControlPlaneException.Unauthorized(
                        0,
                        "the operator's account may not make tokens of ServiceAccount " + account
                                + ": give it the right to create serviceaccounts/token of that name in this namespace");
            default ->
                new ControlPlaneException.Unavailable(
                        0, "the API server made no token of ServiceAccount " + account, e);
        };
    }

    @Override
    public String subject() {
        return "system:serviceaccount:" + namespace + ":" + account;
    }

    @Override
    public String toString() {
        return "ServiceAccountTokens[" + subject() + ", audience=" + audience + "]";
    }
}
