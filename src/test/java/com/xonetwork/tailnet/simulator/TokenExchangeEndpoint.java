package com.xonetwork.tailnet.simulator;

import java.util.Set;

/**
 * Workload identity federation: trades an OIDC issuer's token for an access token of one hour. The form is that of the
 * official Go client. Refusals are 401, their texts are ours: no live one is known.
 */
final class TokenExchangeEndpoint {

    private final SimClock clock;
    private final KeyStore keys;
    private final IssuerKeys issuers;
    private final CredentialTable credentials;

    TokenExchangeEndpoint(SimClock clock, KeyStore keys, IssuerKeys issuers, CredentialTable credentials) {
        this.clock = clock;
        this.keys = keys;
        this.issuers = issuers;
        this.credentials = credentials;
    }

    Answer exchange(Call call) {
        var form = Form.parse(call.body());
        var now = clock.instant();
        var identity = keys.find(form.getOrDefault("client_id", ""))
                .filter(key -> !key.invalid(now))
                .orElseThrow(ApiError::tokenInvalid);
        var federation = identity.federation();
        if (federation == null) {
            throw ApiError.tokenInvalid();
        }
        var token = Jwt.parse(form.getOrDefault("jwt", "")).orElseThrow(() -> refused("it is no JWT"));
        if (!token.holdsAt(now)) {
            throw refused("it has expired, has no end or is not valid yet");
        }
        if (!federation.accepts(token)) {
            throw refused("its claims are not those of the federated identity");
        }
        if (issuers.of(federation.issuer()).stream().noneMatch(token::isSignedBy)) {
            throw refused("its signature is not the issuer's");
        }
        var scopes = Scopes.of(identity.scopes());
        var caller = new Caller("federated:" + identity.id(), identity.id(), scopes, Set.copyOf(identity.tags()), true);
        return credentials.newToken(caller);
    }

    private static ApiError refused(String why) {
        return new ApiError(401, "identity token refused: " + why);
    }
}
