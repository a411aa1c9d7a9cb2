package com.xonetwork.tailnet.simulator;

import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The public keys of OIDC issuers. The live service finds them at the issuer ({@code .well-known/openid-configuration},
 * {@code jwks_uri}); the simulator asks nobody, so a test registers them. Safe for use by several threads.
 */
final class IssuerKeys {

    private final Map<String, List<PublicKey>> keys = new HashMap<>();

    synchronized void add(String issuer, PublicKey key) {
        keys.computeIfAbsent(issuer, none -> new ArrayList<>()).add(key);
    }

    synchronized List<PublicKey> of(String issuer) {
        return List.copyOf(keys.getOrDefault(issuer, List.of()));
    }
}
