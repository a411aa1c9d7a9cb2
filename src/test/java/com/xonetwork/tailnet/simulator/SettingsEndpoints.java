package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.simulator.SettingsStore.Setting;
import java.util.EnumMap;
import java.util.Map;

/**
 * The operations on the tailnet's settings. Every field has a scope of its own: one that a token may not see is absent,
 * which does not mean off, and a token that may see none gets an empty object.
 */
final class SettingsEndpoints {

    private final Profile profile;
    private final SettingsStore settings;

    SettingsEndpoints(Profile profile, SettingsStore settings) {
        this.profile = profile;
        this.settings = settings;
    }

    Answer get(Call call) {
        var body = Json.object();
        for (var setting : Setting.values()) {
            if (call.caller().scopes().cover(setting.scope() + ":read")) {
                body.set(setting.field(), settings.get(setting));
            }
        }
        return Answer.json(body);
    }

    /** All or nothing. A field that is null counts as not given: the official Go client sends some so. */
    Answer update(Call call) {
        if (profile == Profile.MINIMAL) {
            throw new ApiError(501, "changing settings is not supported");
        }
        var body = call.json();
        Map<Setting, JsonNode> changes = new EnumMap<>(Setting.class);
        for (var setting : Setting.values()) {
            var value = body.path(setting.field());
            if (value.isMissingNode() || value.isNull()) {
                continue;
            }
            if (!call.caller().scopes().cover(setting.scope())) {
                throw ApiError.noPermission();
            }
            if (!setting.takes(value)) {
                throw ApiError.badRequest("invalid value for " + setting.field());
            }
            changes.put(setting, value);
        }
        if (changes.containsKey(Setting.ROUTE_SELECTION) && changes.containsKey(Setting.REGIONAL_ROUTING_ON)) {
            throw ApiError.badRequest("regionalRoutingOn and routeSelection must not both be given");
        }
        settings.set(changes);
        return get(call);
    }
}
