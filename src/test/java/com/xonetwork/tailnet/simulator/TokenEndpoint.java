package com.xonetwork.tailnet.simulator;

import com.xonetwork.tailnet.simulator.CredentialTable.Client;
import com.xonetwork.tailnet.simulator.CredentialTable.Login;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Trades an OAuth client's credentials, in the form or in HTTP Basic, for an access token of one hour. */
final class TokenEndpoint {

    private final Profile profile;
    private final CredentialTable credentials;
    private final TagRules tagRules;

    TokenEndpoint(Profile profile, CredentialTable credentials, TagRules tagRules) {
        this.profile = profile;
        this.credentials = credentials;
        this.tagRules = tagRules;
    }

    Answer issue(Call call) {
        var form = Form.parse(call.body());
        var login = login(form, call.header("Authorization"));
        var client = credentials.client(login.user(), login.password());
        if (client.isEmpty()) {
            return refused(401, "invalid_client", ApiError.TOKEN_INVALID);
        }
        if (!form.getOrDefault("grant_type", "client_credentials").equals("client_credentials")) {
            return refused(400, "unsupported_grant_type", "unsupported grant type");
        }
        var requested = words(form.getOrDefault("scope", ""));
        var excess = requested.stream()
                .filter(scope -> !client.get().scopes().cover(scope))
                .toList();
        if (!excess.isEmpty()) {
            var message = "actor cannot set scopes: [" + String.join(" ", excess) + "]";
            return refused(profile == Profile.MINIMAL ? 400 : 403, "invalid_scope", message);
        }
        return token(client.get(), requested, words(form.getOrDefault("tags", "")));
    }

    private Answer token(Client client, List<String> requestedScopes, List<String> requestedTags) {
        var scopes = requestedScopes.isEmpty() ? client.scopes() : Scopes.of(requestedScopes);
        var tags = client.tags();
        if (!requestedTags.isEmpty()) {
            tagRules.check(requestedTags, new Caller(client.label(), client.id(), scopes, client.tags(), true));
            tags = new LinkedHashSet<>(requestedTags);
        }
        return credentials.newToken(new Caller(client.label(), client.id(), scopes, Set.copyOf(tags), true));
    }

    /** Headscale keeps to RFC 6749; the live service has one form of error for everything. */
    private Answer refused(int status, String code, String message) {
        return profile == Profile.MINIMAL
                ? Answer.json(status, Json.object().put("error", code).put("error_description", message))
                : Answer.error(status, message);
    }

    private static Login login(Map<String, String> form, String authorization) {
        return CredentialTable.basic(authorization)
                .map(basic -> new Login(Form.decode(basic.user()), Form.decode(basic.password())))
                .orElseGet(() -> new Login(form.getOrDefault("client_id", ""), form.getOrDefault("client_secret", "")));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[ ,]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
