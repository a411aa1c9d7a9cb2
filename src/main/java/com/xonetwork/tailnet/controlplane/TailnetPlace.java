package com.xonetwork.tailnet.controlplane;

import java.net.URI;
import java.util.Locale;

/**
 * Which tailnet settings lead to, as far as they tell without asking.
 *
 * @param host and port, in lower case
 * @param tailnet its name there; {@code -} for the one of the credentials
 */
public record TailnetPlace(String host, String tailnet) {

    /** There {@code -} means another tailnet with other credentials; on any other host there is one tailnet. */
    private static final String SHARED_SERVICE = "api.tailscale.com";

    public static TailnetPlace of(ControlPlaneSettings settings) {
        return new TailnetPlace(host(settings.url()), settings.tailnet());
    }

    /** @param url as a spec has it; one that is none is a place of its own */
    public static TailnetPlace of(String url, String tailnet) {
        try {
            return new TailnetPlace(host(URI.create(url)), tailnet);
        } catch (IllegalArgumentException e) {
            return new TailnetPlace(url, tailnet);
        }
    }

    /** Whether another credential can lead to another tailnet. */
    public boolean dependsOnCredentials() {
        return tailnet.equals("-") && host.startsWith(SHARED_SERVICE + ":");
    }

    /** Whether both lead to one tailnet for certain. */
    public static boolean isSameTailnet(ControlPlaneSettings one, ControlPlaneSettings other) {
        var place = of(one);
        return one.api() == other.api()
                && place.equals(of(other))
                && (!place.dependsOnCredentials() || isSameClient(one.credentials(), other.credentials()));
    }

    /** An OAuth client, and a federated identity, belong to one tailnet whatever their secret; of an API key nothing is known. */
    private static boolean isSameClient(Credentials one, Credentials other) {
        return one.equals(other)
                || (one instanceof Credentials.OAuthClient left
                        && other instanceof Credentials.OAuthClient right
                        && left.clientId().equals(right.clientId()))
                || (one instanceof Credentials.WorkloadIdentity left
                        && other instanceof Credentials.WorkloadIdentity right
                        && left.clientId().equals(right.clientId()));
    }

    private static String host(URI url) {
        var port = url.getPort() >= 0 ? url.getPort() : "http".equalsIgnoreCase(url.getScheme()) ? 80 : 443;
        return String.valueOf(url.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }
}
