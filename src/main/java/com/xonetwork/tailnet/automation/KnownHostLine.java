package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.xonetwork.tailnet.pure.Pure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One plain line of a known_hosts file: hosts, key type, key. Lines with a marker, hashed names or patterns are not plain.
 *
 * @param hosts as {@link #host} writes them
 * @param written the same hosts as the line has them, without upper case
 * @param type such as {@code ssh-ed25519}
 * @param key base64
 */
@Pure
record KnownHostLine(List<String> hosts, List<String> written, String type, String key) {

    /** A 16,384-bit RSA key has 2,756 characters of base64. */
    private static final int LONGEST = 4_096;

    private static final int SSH = 22;
    private static final Pattern PLAIN_HOST =
            Pattern.compile("\\[[a-z0-9.:_%-]{1,253}]:[0-9]{1,5}|[a-z0-9.:_%-]{1,253}");
    private static final Pattern KEY_TYPE = Pattern.compile("[a-z0-9@.-]{1,64}");

    /** How a known_hosts file names a host: the port stands there only where it is not 22. Names have no upper case. */
    static String host(String address, int port) {
        var name = address.toLowerCase(Locale.ROOT);
        return port == SSH ? name : "[" + name + "]:" + port;
    }

    /** @return empty for what is not a plain line, and for a key that is not of the type that the line names */
    static Optional<KnownHostLine> parse(String line) {
        if (line.length() > LONGEST) {
            return Optional.empty();
        }
        var parts = line.strip().split("[ \t]+", -1);
        if (parts.length < 3) {
            return Optional.empty();
        }
        var written = List.of(parts[0].toLowerCase(Locale.ROOT).split(",", -1));
        var hosts = written.stream().map(KnownHostLine::canonical).toList();
        return hosts.stream().allMatch(host -> PLAIN_HOST.matcher(host).matches())
                        && KEY_TYPE.matcher(parts[1]).matches()
                        && isOfType(parts[1], parts[2])
                ? Optional.of(new KnownHostLine(hosts, written, parts[1], parts[2]))
                : Optional.empty();
    }

    private static String canonical(String host) {
        var end = host.lastIndexOf("]:" + SSH);
        return host.startsWith("[") && end > 0 && end + 4 == host.length() ? host.substring(1, end) : host;
    }

    /** A key begins with the length and the name of its type (RFC 4253, 6.6). */
    private static boolean isOfType(String type, String key) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
        var name = type.getBytes(US_ASCII);
        var start = ByteBuffer.allocate(Integer.BYTES + name.length)
                .putInt(name.length)
                .put(name)
                .array();
        return bytes.length > start.length && Arrays.equals(start, Arrays.copyOf(bytes, start.length));
    }

    /** Without a comment, and of this host alone. */
    String of(String host) {
        return written.get(hosts.indexOf(host)) + " " + type + " " + key;
    }
}
