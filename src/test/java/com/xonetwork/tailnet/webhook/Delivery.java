package com.xonetwork.tailnet.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs deliveries as the service does. */
public record Delivery(String timestamp, byte[] body, List<String> secrets) {

    public static Delivery of(String body, Instant signedAt, String... secrets) {
        return new Delivery(
                String.valueOf(signedAt.getEpochSecond()), body.getBytes(StandardCharsets.UTF_8), List.of(secrets));
    }

    /** The value of {@code Tailscale-Webhook-Signature}. */
    public String header() {
        var fields = new ArrayList<String>();
        fields.add("t=" + timestamp);
        secrets.forEach(secret -> fields.add("v1=" + signature(secret)));
        return String.join(",", fields);
    }

    public String signature(String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
