package com.xonetwork.tailnet.webhook;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Tailscale-Webhook-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]}, taken apart but not believed. Its form
 * is that of Tailscale's {@code docs/webhooks/example.go}: what other schemes are named in it is passed over.
 *
 * @param timestamp the text after {@code t=} as it is signed
 * @param signatures what the {@code v1=} say, 32 bytes each
 */
record WebhookSignature(String timestamp, Instant signedAt, List<byte[]> signatures) {

    static final String HEADER = "Tailscale-Webhook-Signature";

    /** One header of the service has about 80 characters for each secret in use. */
    private static final int LONGEST_HEADER = 1024;

    /** Each costs comparisons; two are in use while a secret is rotated. */
    private static final int MOST_SIGNATURES = 8;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-fA-F]{64}");

    /** Reads the header; empty when it is absent, malformed or unreasonably long. Never throws. */
    static Optional<WebhookSignature> parse(@Nullable String header) {
        if (header == null || header.length() > LONGEST_HEADER) {
            return Optional.empty();
        }
        String timestamp = null;
        var signatures = new ArrayList<byte[]>();
        for (var part : header.split(",", -1)) {
            var field = part.strip();
            if (field.startsWith("t=")) {
                if (timestamp != null || !SECONDS.matcher(field.substring(2)).matches()) {
                    return Optional.empty();
                }
                timestamp = field.substring(2);
            } else if (field.startsWith("v1=")) {
                if (signatures.size() == MOST_SIGNATURES
                        || !SHA256_HEX.matcher(field.substring(3)).matches()) {
                    return Optional.empty();
                }
                signatures.add(HexFormat.of().parseHex(field.substring(3)));
            }
        }
        return timestamp == null || signatures.isEmpty() ? Optional.empty() : at(timestamp, signatures);
    }

    private static Optional<WebhookSignature> at(String timestamp, List<byte[]> signatures) {
        try {
            var signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
            return Optional.of(new WebhookSignature(timestamp, signedAt, List.copyOf(signatures)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "WebhookSignature[" + signedAt + ", " + signatures.size() + " signatures]";
    }
}
