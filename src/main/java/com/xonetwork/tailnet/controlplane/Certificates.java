package com.xonetwork.tailnet.controlplane;

import com.xonetwork.tailnet.pure.Pure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The certificates of a PEM text, without the comments, names and keys that may stand beside them. For what is handed on:
 * whether they are good certificates is judged where the connection is made.
 */
@Pure
public final class Certificates {

    private static final int LINE = 64;
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Pattern BLOCK = Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]+)" + END);

    private Certificates() {}

    /** All certificates in the order in which they stand, in lines of 64 characters; empty when there is none. */
    public static Optional<String> of(String pem) {
        var blocks = BLOCK.matcher(pem)
                .results()
                .flatMap(found -> decoded(found.group(1)).stream())
                .map(Certificates::block)
                .collect(Collectors.joining());
        return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks);
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String block(byte[] certificate) {
        var lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(certificate);
        return BEGIN + "\n" + lines + "\n" + END + "\n";
    }
}
