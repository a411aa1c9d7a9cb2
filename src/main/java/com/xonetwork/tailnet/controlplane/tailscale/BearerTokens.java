package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;

/** Where the bearer token of a call comes from. */
interface BearerTokens {

    /**
     * A token to use now; may call the token endpoint.
     *
     * @throws ControlPlaneException when none can be had
     */
    String current();

    /**
     * The service refused this token.
     *
     * @return whether asking again for the {@link #current()} one can bring another
     */
    boolean refused(String token);

    /** One token for ever: an API access token. */
    static BearerTokens fixed(String token) {
        return new BearerTokens() {
            @Override
            public String current() {
                return token;
            }

            @Override
            public boolean refused(String refused) {
                return false;
            }

            @Override
            public String toString() {
                return "BearerTokens[fixed]";
            }
        };
    }
}
