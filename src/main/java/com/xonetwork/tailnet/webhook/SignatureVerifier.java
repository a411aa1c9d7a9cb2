package com.xonetwork.tailnet.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a delivery was signed with one of the secrets: HMAC-SHA256 over {@code <t>.<raw body>}.
 *
 * <p>It does the same work for a tailnet without secrets, with one or with four, and compares in constant time: how long a
 * refusal takes tells neither how much of a signature was right nor which tailnets there are.
 */
final class SignatureVerifier {

    /** Ours and the service's clock may differ by so much, either way. Tailscale's example has the same for the past. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String HMAC = "HmacSHA256";

    /** Stands in for every secret that is not there; whoever knew it would still be refused. */
    private final byte[] decoy = new byte[32];

    SignatureVerifier() {
        new SecureRandom().nextBytes(decoy);
    }

    enum Verdict {
        GENUINE,
        /** Signed with a right secret, but too long ago or for a time to come: perhaps recorded and sent again. */
        STALE,
        FORGED
    }

    /** @param secrets null where there are none: then everything is forged */
    Verdict verify(WebhookSignature signature, byte[] body, @Nullable WebhookSecrets secrets, Instant now) {
        var values = secrets == null ? List.<String>of() : secrets.values();
        boolean signed = false;
        for (int place = 0; place < WebhookSecrets.MOST; place++) {
            boolean real = place < values.size();
            var key = real ? values.get(place).getBytes(StandardCharsets.UTF_8) : decoy;
            var expected = hmac(key, signature.timestamp(), body);
            for (var presented : signature.signatures()) {
                signed |= MessageDigest.isEqual(expected, presented) & real;
            }
        }
        if (!signed) {
            return Verdict.FORGED;
        }
        var off = Duration.between(signature.signedAt(), now).abs();
        return off.compareTo(TOLERANCE) > 0 ? Verdict.STALE : Verdict.GENUINE;
    }

    private static byte[] hmac(byte[] key, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(timestamp.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) '.');
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }
}
