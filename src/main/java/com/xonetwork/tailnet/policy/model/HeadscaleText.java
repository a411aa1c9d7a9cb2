package com.xonetwork.tailnet.policy.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.xonetwork.tailnet.policy.hujson.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The small texts of a policy as Headscale 0.29.1 reads them: types.go and utils.go of hscontrol/policy/v2. */
final class HeadscaleText {

    /** Go's {@code strconv.Atoi}. */
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");

    private static final Set<String> AUTOGROUPS =
            Set.of("internet", "member", "nonroot", "tagged", "self", "danger-all");

    private static final Map<String, Integer> PROTOCOLS = Map.ofEntries(
            Map.entry("icmp", 1),
            Map.entry("igmp", 2),
            Map.entry("ipv4", 4),
            Map.entry("ip-in-ip", 4),
            Map.entry("tcp", 6),
            Map.entry("egp", 8),
            Map.entry("igp", 9),
            Map.entry("udp", 17),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ah", 51),
            Map.entry("ipv6-icmp", 58),
            Map.entry("sctp", 132),
            Map.entry("fc", 133));

    private static final String BRACKETS = "square brackets are only valid around IPv6 addresses: ";
    private static final int LAST_PORT = 65535;
    private static final int LAST_PROTOCOL = 255;

    private HeadscaleText() {}

    /** Without what Go calls blank at both ends. */
    static String trimmed(String written) {
        int from = 0;
        int to = written.length();
        while (from < to && isBlank(written.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(written.charAt(to - 1))) {
            to--;
        }
        return written.substring(from, to);
    }

    /** As {@code unicode.IsSpace}. */
    static boolean isBlank(int c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    /**
     * Tag.UnmarshalJSON: a key of tagOwners is taken with its escapes, as it stands in the text that {@code PolicyRenderer} writes, so
     * that nothing else can name a tag with a control character, a quotation mark or a backslash.
     */
    static String rawKey(String key) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(key));
    }

    /** parseAlias: an {@code @} makes a user of whatever else the text may be. */
    static Selector selector(String text) {
        return address(text).orElseGet(() -> named(text));
    }

    private static Selector named(String text) {
        if (text.equals("*")) {
            return new Selector.Wildcard();
        }
        if (text.contains("@")) {
            return new Selector.User(text);
        }
        if (text.startsWith("group:")) {
            return new Selector.Group(text);
        }
        if (text.startsWith("tag:")) {
            return new Selector.Tag(text);
        }
        if (text.startsWith("autogroup:")) {
            String name = text.substring("autogroup:".length());
            return new Selector.AutogroupName(
                    text, Optional.of(name).filter(AUTOGROUPS::contains).flatMap(Autogroup::of));
        }
        return new Selector.Host(text);
    }

    private static Optional<Selector> address(String text) {
        return text.indexOf('/') >= 0
                ? IpPrefix.parse(text).map(Selector.Prefix::new)
                : IpAddress.parse(withoutZone(text)).map(Selector.Address::new);
    }

    /** A zone is dropped: {@code fe80::1%eth0} is the address. */
    private static String withoutZone(String text) {
        int percent = text.indexOf('%');
        boolean zone = percent > 0 && percent < text.length() - 1 && text.lastIndexOf(':', percent) >= 0;
        return zone ? text.substring(0, percent) : text;
    }

    /** splitDestinationAndPort; nothing is trimmed here. */
    static Parsed<Destination> destination(String written) {
        if (written.indexOf(':') < 0) {
            return Parsed.bad("hostport must contain a colon (\":\")");
        }
        String text = written;
        if (written.startsWith("[")) {
            int close = written.indexOf(']');
            String inside = written.substring(1, Math.max(1, close));
            boolean v6 =
                    IpAddress.parse(withoutZone(inside)).filter(IpAddress::v6).isPresent();
            if (!v6) {
                return Parsed.bad(BRACKETS + GoText.quote(inside));
            }
            String rest = written.substring(close + 1);
            if (!rest.startsWith(":") && !rest.startsWith("/")) {
                return Parsed.bad(BRACKETS + GoText.quote(written));
            }
            text = inside + rest;
        }
        int colon = text.lastIndexOf(':');
        if (colon == 0) {
            return Parsed.bad("input cannot start with a colon character");
        }
        if (colon == text.length() - 1) {
            return Parsed.bad("input cannot end with a colon character");
        }
        String host = text.substring(0, colon);
        Parsed<List<PortRange>> ports = ports(text.substring(colon + 1));
        return ports.map(ranges -> new Destination(selector(host), host, ranges));
    }

    /** parsePortRange: {@code *} alone, or numbers and ranges between commas, without blanks. */
    private static Parsed<List<PortRange>> ports(String text) {
        if (text.equals("*")) {
            return Parsed.good(List.of(PortRange.ALL));
        }
        List<PortRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            // A dash too many does not count.
            List<String> ends = part.indexOf('-') < 0
                    ? List.of(part, part)
                    : Stream.of(part.split("-", -1))
                            .filter(end -> !end.isEmpty())
                            .toList();
            if (ends.size() != 2) {
                return problem(text, "invalid port range format");
            }
            OptionalInt first = integer(ends.getFirst());
            OptionalInt last = integer(ends.getLast());
            if (first.isEmpty() || last.isEmpty()) {
                return problem(text, "invalid first integer");
            }
            if (Math.min(first.getAsInt(), last.getAsInt()) < 0
                    || Math.max(first.getAsInt(), last.getAsInt()) > LAST_PORT) {
                return problem(text, "port number out of range");
            }
            if (first.getAsInt() > last.getAsInt()) {
                return problem(text, "invalid port range: first port is greater than last port");
            }
            if (part.indexOf('-') < 0 && first.getAsInt() == 0) {
                return problem(text, "first port must be >0, or use '*' for wildcard");
            }
            ranges.add(new PortRange(first.getAsInt(), last.getAsInt()));
        }
        return Parsed.good(List.copyOf(ranges));
    }

    private static <T> Parsed<T> problem(String ports, String problem) {
        return Parsed.bad("port range " + GoText.quote(ports) + ": " + problem);
    }

    /** ProtocolPort: the protocol of a grant is in lower case. */
    static Parsed<List<PortSpec>> portSpecs(String written) {
        int colon = written.indexOf(':');
        if (colon != written.lastIndexOf(':')) {
            return Parsed.bad("expected only one colon in Internet protocol and port type");
        }
        String name = written.substring(0, Math.max(0, colon));
        Parsed<Optional<Protocol>> protocol =
                name.isEmpty() ? Parsed.good(Optional.empty()) : known(name).map(Optional::of);
        if (protocol.value().isEmpty()) {
            return Parsed.bad(protocol);
        }
        Optional<Protocol> found = protocol.value().get();
        return ports(written.substring(colon + 1))
                .map(ranges ->
                        ranges.stream().map(range -> new PortSpec(found, range)).toList());
    }

    /** Protocol.UnmarshalJSON: a number that has a name may have a zero in front. */
    static Parsed<Protocol> protocol(String written) {
        String name = written.toLowerCase(Locale.ROOT);
        OptionalInt number = integer(name);
        return number.isPresent() && PROTOCOLS.containsValue(number.getAsInt())
                ? Parsed.good(new Protocol(number.getAsInt()))
                : known(name);
    }

    private static Parsed<Protocol> known(String name) {
        Integer named = PROTOCOLS.get(name);
        if (named != null) {
            return Parsed.good(new Protocol(named));
        }
        if (name.startsWith("0")) {
            return Parsed.bad("leading 0 not permitted in protocol number: " + GoText.quote(name));
        }
        OptionalInt number = integer(name);
        if (number.isEmpty()) {
            return Parsed.bad("invalid protocol number: " + GoText.quote(name)
                    + " must be a known protocol name or valid protocol number 0-255");
        }
        return number.getAsInt() < 0 || number.getAsInt() > LAST_PROTOCOL
                ? Parsed.bad("protocol number out of range (0-255): " + number.getAsInt())
                : Parsed.good(new Protocol(number.getAsInt()));
    }

    /** Larger than any port or protocol is all the same. */
    private static OptionalInt integer(String text) {
        return INTEGER.matcher(text).matches()
                ? OptionalInt.of((int) Math.clamp(Long.parseLong(text), -1L, LAST_PORT + 1L))
                : OptionalInt.empty();
    }
}
