package com.xonetwork.tailnet.controlplane;

import java.net.URI;

/** Connection settings for tests. */
public final class Settings {

    public static final String API_KEY = "sup3rs3cret-" + "api-key";
    public static final String CLIENT_SECRET = "tskey-client-" + "kABC-s3cr3tPart";

    /** So many calls that it does not matter. */
    public static final CallBudget AMPLE = new CallBudget(1000, 1000);

    private Settings() {}

    public static ControlPlaneSettings tailscale(URI url) {
        return of(ControlPlaneSettings.Api.TAILSCALE_V2, url, new Credentials.ApiKey(API_KEY));
    }

    public static ControlPlaneSettings tailscaleOAuth(URI url) {
        return of(ControlPlaneSettings.Api.TAILSCALE_V2, url, new Credentials.OAuthClient("kABC", CLIENT_SECRET));
    }

    public static ControlPlaneSettings headscale(URI url) {
        return of(ControlPlaneSettings.Api.HEADSCALE_V1, url, new Credentials.ApiKey(API_KEY));
    }

    private static ControlPlaneSettings of(ControlPlaneSettings.Api api, URI url, Credentials credentials) {
        return new ControlPlaneSettings(api, url, "-", credentials, null, AMPLE);
    }
}
