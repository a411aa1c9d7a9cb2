package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A checked base URL, taken apart.
 *
 * @param host name or address, lower case, IPv6 without brackets
 * @param prefix path before the API's own, without a slash at the end; mostly empty
 */
record Endpoint(boolean tls, String host, int port, String prefix) {

    private static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");
    private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.{1,2}(/|$)");
    private static final Pattern API_PATH = Pattern.compile("/api/v[0-9]+$");

    /**
     * Takes a URL if the rules allow it. Messages never repeat the URL: it may carry a password.
     *
     * @throws ControlPlaneException.Rejected if they do not
     */
    static Endpoint of(URI url, Set<String> plainHttpHosts) {
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("it must begin with https://");
        }
        if (url.getRawUserInfo() != null
                || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            throw refused("it must not carry a user name or password: credentials belong into the Secret");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused("it must not carry a query or a fragment");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 65535) {
            throw refused("its host name or port is not valid");
        }
        var host = withoutBrackets(url.getHost().toLowerCase(Locale.ROOT));
        var tls = scheme.equals("https");
        if (!tls && !plainHttpHosts.contains(host)) {
            throw refused("plain http is not allowed to host " + host + ": use https");
        }
        int standardPort = tls ? 443 : 80;
        return new Endpoint(tls, host, url.getPort() < 0 ? standardPort : url.getPort(), prefix(url));
    }

    private static String prefix(URI url) {
        var path = url.getRawPath() == null ? "" : url.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (!PLAIN_PATH.matcher(path).matches() || DOT_SEGMENT.matcher(path).find()) {
            throw refused("its path is not plain");
        }
        if (API_PATH.matcher(path).find()) {
            throw refused("leave the API path (" + path + ") out, it is added");
        }
        return path;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static ControlPlaneException refused(String why) {
        return new ControlPlaneException.Rejected(0, "the control plane's URL is refused: " + why);
    }

    /** The host as it stands in a URL. */
    String uriHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
