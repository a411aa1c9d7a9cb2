package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * Where an {@code acls} rule leads to: {@code tag:web:80,443}. Also what a policy test tries.
 *
 * @param target who or what is reached
 * @param host the part before the last colon, as written
 * @param ports none if they could not be read: such a destination leads nowhere
 */
public record Destination(Selector target, String host, List<PortRange> ports) {

    public Destination {
        ports = List.copyOf(ports);
    }

    static Parsed<Destination> parse(String written) {
        String text = written.strip();
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Parsed.bad("hostport must contain a colon (\":\")");
        }
        String host = text.substring(0, colon);
        if (host.indexOf(',') >= 0) {
            return Parsed.bad("host cannot contain a comma (\",\")");
        }
        Parsed<List<PortRange>> ports = PortRange.parseList(text.substring(colon + 1));
        return ports.value().isEmpty()
                ? Parsed.bad(ports)
                : Parsed.good(new Destination(target(host), host, ports.value().get()));
    }

    /** One that could not be read. */
    static Destination unreadable(String written) {
        return new Destination(new Selector.Host(written), written, List.of());
    }

    /** IPv6 addresses may stand in brackets, where there are ports. */
    private static Selector target(String host) {
        boolean brackets = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
        return Selector.parse(brackets ? host.substring(1, host.length() - 1) : host);
    }
}
