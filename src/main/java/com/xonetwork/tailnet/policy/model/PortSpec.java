package com.xonetwork.tailnet.policy.model;

import java.util.Locale;
import java.util.Optional;

/**
 * What a grant lets through: an entry of {@code ip}, {@code *}, {@code 443}, {@code tcp:80-90}.
 *
 * @param protocol empty for what has none written: TCP, UDP and both ICMPs
 */
public record PortSpec(Optional<Protocol> protocol, PortRange ports) {

    /** As {@code tailcfg.ParseProtoPortRanges}. */
    static Parsed<PortSpec> parse(String written) {
        String text = written.toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return Parsed.bad("empty string");
        }
        if (text.equals("*")) {
            return Parsed.good(new PortSpec(Optional.empty(), PortRange.ALL));
        }
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? "*" : text.substring(0, colon);
        if (name.indexOf(':') >= 0) {
            return Parsed.bad("expected only one colon in Internet protocol and port type");
        }
        if (name.indexOf(',') >= 0) {
            return Parsed.bad("host cannot contain a comma (\",\")");
        }
        Parsed<PortRange> ports = PortRange.parse(text.substring(colon + 1));
        if (ports.value().isEmpty()) {
            return Parsed.bad(ports);
        }
        if (name.isEmpty()) {
            return Parsed.bad("empty protocol");
        }
        if (name.equals("*")) {
            return Parsed.good(new PortSpec(Optional.empty(), ports.value().get()));
        }
        Parsed<Protocol> protocol = Protocol.parse(name);
        return protocol.value().isEmpty()
                ? Parsed.bad(protocol)
                : Parsed.good(new PortSpec(protocol.value(), ports.value().get()));
    }
}
