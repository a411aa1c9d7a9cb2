package com.xonetwork.tailnet.controlplane.http;

import inet.ipaddr.IPAddressString;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The HTTP proxy through which control planes are reached where the cluster has no other way out. Only what is encrypted goes through it
 * ({@code CONNECT}): it sees the names of hosts, and no credential. It looks the names up itself, so where they lead is its business.
 */
public final class ForwardProxy {

    private final String host;
    private final int port;
    private final Optional<Login> login;
    private final List<Direct> direct;

    private record Login(String username, String password) {
        @Override
        public String toString() {
            return "Login";
        }
    }

    /** Hosts that are reached directly: a name with all under it, or addresses. */
    private record Direct(String text) {

        boolean covers(String host) {
            var address = new IPAddressString(host);
            if (address.isIPAddress()) {
                var network = new IPAddressString(text);
                return network.isIPAddress() && network.contains(address);
            }
            return host.equals(text) || host.endsWith("." + text);
        }
    }

    private ForwardProxy(String host, int port, Optional<Login> login, List<Direct> direct) {
        this.host = host;
        this.port = port;
        this.login = login;
        this.direct = direct;
    }

    /**
     * @param url {@code http://HOST:PORT}; messages never repeat it, because it may carry a password
     * @param credentials directory with the files {@code username} and {@code password}; empty where the proxy asks for none
     * @param noProxy names of hosts, each with all names under it, and addresses or CIDRs, that are reached directly
     * @throws IllegalArgumentException saying what to correct
     * @throws UncheckedIOException when the credentials cannot be read
     */
    public static ForwardProxy of(URI url, Optional<Path> credentials, Collection<String> noProxy) {
        if (url.getRawUserInfo() != null
                || url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw refused("it must not carry a user name or password. Put them into the files username and password");
        }
        if (!"http".equalsIgnoreCase(url.getScheme())) {
            throw refused("it must begin with http://. What goes through it is encrypted all the same");
        }
        var path = url.getRawPath();
        if (url.getHost() == null
                || url.getPort() < 1
                || url.getPort() > 65535
                || !(path == null || path.isEmpty() || path.equals("/"))
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw refused("it must be http://HOST:PORT and nothing more");
        }
        var host = url.getHost();
        return new ForwardProxy(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                url.getPort(),
                credentials.map(directory -> new Login(read(directory, "username"), read(directory, "password"))),
                noProxy.stream()
                        .map(text -> text.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                        .filter(text -> !text.isEmpty())
                        .map(Direct::new)
                        .toList());
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("the proxy's URL is refused: " + why
                + ". Correct tailnet-operator.control-plane.proxy.url (chart: controlPlaneProxy.url)");
    }

    private static String read(Path directory, String file) {
        try {
            return Files.readString(directory.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the proxy's " + file + " cannot be read from " + directory.resolve(file)
                            + ": the Secret needs the keys username and password",
                    e);
        }
    }

    boolean isFor(Endpoint endpoint) {
        return endpoint.tls() && direct.stream().noneMatch(known -> known.covers(endpoint.host()));
    }

    ProxyOptions options(Duration connectTimeout) {
        var options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(host)
                .setPort(port)
                .setConnectTimeout(connectTimeout);
        login.ifPresent(known -> options.setUsername(known.username()).setPassword(known.password()));
        return options;
    }

    /** For messages. */
    @Override
    public String toString() {
        return "proxy " + host + ":" + port;
    }
}
