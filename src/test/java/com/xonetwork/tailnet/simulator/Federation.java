package com.xonetwork.tailnet.simulator;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whose tokens a federated identity takes.
 *
 * @param subject pattern for {@code sub}, with {@code *} for anything
 * @param claimRules patterns for further claims
 */
public record Federation(String issuer, String subject, String audience, Map<String, String> claimRules) {

    public Federation {
        claimRules = Map.copyOf(claimRules);
    }

    /** Whether the token's claims are those that are asked for; who signed it, and when, is another question. */
    boolean accepts(Jwt token) {
        return token.claim("iss").equals(issuer)
                && matches(subject, token.claim("sub"))
                && token.isFor(audience)
                && claimRules.entrySet().stream()
                        .allMatch(rule -> matches(rule.getValue(), token.claim(rule.getKey())));
    }

    private static boolean matches(String pattern, String value) {
        var regex = new StringBuilder();
        for (var part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(value).matches();
    }
}
