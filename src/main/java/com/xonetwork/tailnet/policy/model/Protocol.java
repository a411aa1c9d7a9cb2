package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import java.util.Locale;
import java.util.Map;

/**
 * An IP protocol by its number (IANA). Names as {@code tailscale.com/types/ipproto} reads them, without regard to case.
 *
 * @param number 0 to 255
 */
public record Protocol(int number) {

    public static final Protocol ICMP = new Protocol(1);
    public static final Protocol TCP = new Protocol(6);
    public static final Protocol UDP = new Protocol(17);
    public static final Protocol ICMPV6 = new Protocol(58);
    public static final Protocol SCTP = new Protocol(132);

    private static final int TSMP = 99;

    private static final Map<String, Integer> NAMES = Map.ofEntries(
            Map.entry("icmp", 1),
            Map.entry("icmpv4", 1),
            Map.entry("igmp", 2),
            Map.entry("ipv4", 4),
            Map.entry("ip-in-ip", 4),
            Map.entry("tcp", 6),
            Map.entry("egp", 8),
            Map.entry("igp", 9),
            Map.entry("udp", 17),
            Map.entry("dccp", 33),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ah", 51),
            Map.entry("ipv6-icmp", 58),
            Map.entry("icmpv6", 58),
            Map.entry("tsmp", 99),
            Map.entry("sctp", 132));

    /** Whether its packets have ports, so that a rule can name some. */
    public boolean hasPorts() {
        return equals(TCP) || equals(UDP) || equals(SCTP);
    }

    /** The usual name, or the number. */
    public String name() {
        return switch (number) {
            case 1 -> "icmp";
            case 2 -> "igmp";
            case 4 -> "ip-in-ip";
            case 6 -> "tcp";
            case 8 -> "egp";
            case 9 -> "igp";
            case 17 -> "udp";
            case 33 -> "dccp";
            case 47 -> "gre";
            case 50 -> "esp";
            case 51 -> "ah";
            case 58 -> "ipv6-icmp";
            case 99 -> "tsmp";
            case 132 -> "sctp";
            default -> Integer.toString(number);
        };
    }

    static Parsed<Protocol> parse(String written) {
        int number = uint8(written);
        if (number == TSMP) {
            return Parsed.bad("IP protocol 99 is reserved for use by Tailscale");
        }
        if (number >= 0 && written.charAt(0) == '0') {
            return Parsed.bad("leading 0 not permitted in protocol number " + GoText.quote(written));
        }
        if (number >= 0) {
            return Parsed.good(new Protocol(number));
        }
        Integer known = NAMES.get(written.toLowerCase(Locale.ROOT));
        if (known != null) {
            return Parsed.good(new Protocol(known));
        }
        return Parsed.bad("proto name " + GoText.quote(written)
                + " not known; use protocol number 0-255 or protocol name (icmp, tcp, udp, etc.)");
    }

    /** -1 if it is none. */
    private static int uint8(String text) {
        if (text.isEmpty() || text.length() > 8 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int value = Integer.parseInt(text);
        return value <= 255 ? value : -1;
    }
}
