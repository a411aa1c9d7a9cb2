package com.xonetwork.tailnet.controlplane;

/**
 * Makes tokens (JSON Web Tokens) that say who we are, for whoever trusts their issuer. Two of these are equal when their tokens
 * say the same: equal settings mean the same connection.
 */
public interface IdentityTokens {

    /**
     * A token made just now, good for minutes. Blocks.
     *
     * @throws ControlPlaneException.Unauthorized when a human has to do something before there can be one
     * @throws ControlPlaneException.Unavailable when it may work later
     */
    String issue();

    /** The {@code sub} claim. */
    String subject();

    /** The {@code aud} claim. */
    String audience();
}
