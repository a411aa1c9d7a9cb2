package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A JSON Web Token (RFC 7519), signed with RS256 or ES256 (RFC 7518); any other algorithm, {@code none} above all, fits no
 * key.
 */
record Jwt(ObjectNode header, ObjectNode claims, byte[] signed, byte[] signature) {

    static Optional<Jwt> parse(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var header = Json.parseObject(Base64.getUrlDecoder().decode(parts[0]));
            var claims = Json.parseObject(Base64.getUrlDecoder().decode(parts[1]));
            var signature = Base64.getUrlDecoder().decode(parts[2]);
            var signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            return header.isEmpty() || claims.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Jwt(header.get(), claims.get(), signed, signature));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    String claim(String name) {
        return claims.path(name).asText("");
    }

    /** What the JCA calls the signature of this JOSE algorithm. */
    static String signatureAlgorithm(String alg) throws GeneralSecurityException {
        return switch (alg) {
            case "RS256" -> "SHA256withRSA";
            case "ES256" -> "SHA256withECDSAinP1363Format";
            default -> throw new GeneralSecurityException("algorithm " + alg + " is not supported");
        };
    }

    boolean isSignedBy(PublicKey key) {
        try {
            var verifier =
                    Signature.getInstance(signatureAlgorithm(header.path("alg").asText("")));
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether the time is one at which the token holds; it must have an end. */
    boolean holdsAt(Instant now) {
        var seconds = now.getEpochSecond();
        return claims.path("exp").asLong(0) > seconds
                && claims.path("nbf").asLong(0) <= seconds
                && claims.path("iat").asLong(0) <= seconds + 60;
    }

    /** {@code aud} is a string or a list of them. */
    boolean isFor(String audience) {
        var aud = claims.path("aud");
        if (!aud.isArray()) {
            return aud.asText("").equals(audience);
        }
        for (var one : aud) {
            if (one.asText().equals(audience)) {
                return true;
            }
        }
        return false;
    }
}
