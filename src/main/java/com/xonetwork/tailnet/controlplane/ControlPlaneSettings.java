package com.xonetwork.tailnet.controlplane;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes one connection. Two equal settings mean the same connection, so a changed value means a new one.
 *
 * @param api which API is spoken there
 * @param url where it is: {@code https://api.tailscale.com}, {@code https://headscale.example.com}; without the API path
 * @param tailnet Tailscale's {@code {tailnet}} path element, {@code -} for the credential's own; ignored by Headscale
 * @param caPem further certificate authorities to trust, PEM; null for the system's only
 */
public record ControlPlaneSettings(
        Api api,
        URI url,
        String tailnet,
        Credentials credentials,
        @Nullable String caPem,
        CallBudget budget) {

    /**
     * The certificates of {@link #caPem} in one form, and nothing that stands beside them: what leaves the operator towards machines.
     * Null where there is no caPem, and where no certificate is in it.
     */
    public @Nullable String caCertificates() {
        return caPem == null ? null : Certificates.of(caPem).orElse(null);
    }

    /** The two APIs in use. A service that speaks {@link #TAILSCALE_V2} need not be Tailscale's. */
    public enum Api {
        TAILSCALE_V2,
        HEADSCALE_V1
    }
}
