package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * An OIDC issuer with a fresh key, as a Kubernetes API server is one: signs tokens to be traded for an access token. Has no
 * discovery document; {@link TailnetSimulator#trustIssuer(SimIssuer)} hands the public key over.
 */
public final class SimIssuer {

    private final String url;
    private final String alg;
    private final KeyPair keys;

    private SimIssuer(String url, String alg, KeyPair keys) {
        this.url = url;
        this.alg = alg;
        this.keys = keys;
    }

    /** Signs with RS256. */
    public static SimIssuer rsa(String url) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new SimIssuer(url, "RS256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with ES256. */
    public static SimIssuer ec(String url) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new SimIssuer(url, "ES256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return url;
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }

    /** A token for that subject and audience, good from then on for so long. */
    public String token(String subject, String audience, Instant from, Duration life) {
        return token(subject, audience, from, life, claims -> {});
    }

    /** As above, with the claims changed at will before they are signed. */
    public String token(String subject, String audience, Instant from, Duration life, Consumer<ObjectNode> change) {
        var claims = Json.object()
                .put("iss", url)
                .put("sub", subject)
                .put("aud", audience)
                .put("iat", from.getEpochSecond())
                .put("exp", from.plus(life).getEpochSecond());
        change.accept(claims);
        var header = Json.object().put("alg", alg).put("typ", "JWT");
        var signed = encode(Json.bytes(header)) + "." + encode(Json.bytes(claims));
        try {
            var signer = Signature.getInstance(Jwt.signatureAlgorithm(alg));
            signer.initSign(keys.getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
