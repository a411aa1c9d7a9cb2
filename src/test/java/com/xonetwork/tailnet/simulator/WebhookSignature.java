package com.xonetwork.tailnet.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a webhook sends, as the service does: HMAC-SHA256 over the time, a dot and the raw body. Public so that a test
 * of a receiver can forge, replay and post-date.
 */
public final class WebhookSignature {

    public static final String HEADER = "Tailscale-Webhook-Signature";

    private WebhookSignature() {}

    /** The header's value: {@code t=...,v1=...}, with one {@code v1} for each secret. */
    public static String of(Instant time, String body, String... secrets) {
        var seconds = time.getEpochSecond();
        return "t=" + seconds
                + Arrays.stream(secrets)
                        .map(secret -> ",v1=" + hmac(secret, seconds + "." + body))
                        .collect(Collectors.joining());
    }

    private static String hmac(String secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
