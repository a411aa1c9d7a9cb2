package com.xonetwork.tailnet.bootstrap;

import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where machines outside the cluster find the operator's API.
 *
 * @param url base URL, without a slash at its end; empty when refused
 * @param trusted certificates (PEM) that they must trust for it
 * @param refusal why there is no such place, in words for a user
 */
public record BootstrapPlace(String url, List<String> trusted, Optional<String> refusal) {

    private static final String SETTING = "tailnet-operator.bootstrap.url";

    public BootstrapPlace {
        trusted = List.copyOf(trusted);
    }

    /**
     * As the operator was set up.
     *
     * @throws IllegalStateException when the file with the certificates cannot be read
     */
    public static BootstrapPlace of(OperatorConfig config) {
        var bootstrap = config.bootstrap();
        var trusted = bootstrap.caFile().map(BootstrapPlace::read).flatMap(Certificates::of).stream()
                .toList();
        var hosts = config.controlPlane().plainHttpHosts().orElse(Set.of());
        return bootstrap
                .url()
                .map(url -> of(url.strip().replaceAll("/+$", ""), trusted, hosts))
                .orElseGet(
                        () -> none(
                                SETTING
                                        + " is not set: set it to the URL at which machines outside the cluster reach the operator's API"));
    }

    static BootstrapPlace of(String url, List<String> trusted, Set<String> plainHttpHosts) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            return none(SETTING + " is not a URL");
        }
        var host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return none(
                    SETTING + " must be like https://xo.example.com: a host, perhaps a port and a path, nothing else");
        }
        var isPlain = "http".equals(uri.getScheme()) && plainHttpHosts.contains(host.toLowerCase(Locale.ROOT));
        return isPlain || "https".equals(uri.getScheme())
                ? new BootstrapPlace(url, trusted, Optional.empty())
                : none(SETTING + " must begin with https://: a join key is fetched there");
    }

    private static BootstrapPlace none(String why) {
        return new BootstrapPlace("", List.of(), Optional.of(why));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException("tailnet-operator.bootstrap.ca-file cannot be read: " + e, e);
        }
    }
}
