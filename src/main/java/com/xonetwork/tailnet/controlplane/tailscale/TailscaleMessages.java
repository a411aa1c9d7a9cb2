package com.xonetwork.tailnet.controlplane.tailscale;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The API's JSON. Everything is nullable: the service leaves out false booleans and empty lists, and what the scopes do
 * not cover.
 */
final class TailscaleMessages {

    private TailscaleMessages() {}

    record TokenJson(
            @JsonProperty("access_token") @Nullable String accessToken,
            @JsonProperty("expires_in") @Nullable Long expiresIn) {
        @Override
        public String toString() {
            return "TokenJson[***]";
        }
    }

    record DeviceListJson(@Nullable List<@Nullable DeviceJson> devices) {}

    record DeviceJson(
            @Nullable String id,
            @Nullable String nodeId,
            @Nullable String name,
            @Nullable String hostname,
            @Nullable List<String> addresses,
            @Nullable String os,
            @Nullable List<String> tags,
            @Nullable String user,
            @Nullable Boolean authorized,
            @Nullable Boolean connectedToControl,
            @Nullable Boolean keyExpiryDisabled,
            @Nullable String expires,
            @Nullable String lastSeen,
            @Nullable String created,
            @JsonProperty("isExternal") @Nullable Boolean external,
            @JsonProperty("isEphemeral") @Nullable Boolean ephemeral,
            @Nullable List<String> advertisedRoutes,
            @Nullable List<String> enabledRoutes) {}

    record AuditLogsJson(@Nullable List<@Nullable AuditLogJson> logs) {}

    record AuditLogJson(
            @Nullable String eventTime,
            @Nullable String origin,
            @Nullable ActorJson actor,
            @Nullable TargetJson target,
            @Nullable String error) {}

    record ActorJson(
            @Nullable String id,
            @Nullable String type,
            @Nullable String loginName,
            @Nullable String displayName) {}

    record TargetJson(@Nullable String id) {}

    record RoutesJson(
            @Nullable List<String> advertisedRoutes,
            @Nullable List<String> enabledRoutes) {}

    record KeyListJson(@Nullable List<@Nullable KeyJson> keys) {}

    record KeyJson(
            @Nullable String id,
            @Nullable String key,
            @Nullable String keyType,
            @Nullable String description,
            @Nullable String expires,
            @Nullable String revoked,
            @Nullable Boolean invalid,
            @Nullable CapabilitiesJson capabilities) {
        @Override
        public String toString() {
            return "KeyJson[id=" + id + ", keyType=" + keyType + "]";
        }
    }

    record CapabilitiesJson(@Nullable DevicesJson devices) {}

    record DevicesJson(@Nullable CreateJson create) {}

    record CreateJson(
            @Nullable Boolean reusable,
            @Nullable Boolean ephemeral,
            @Nullable Boolean preauthorized,
            @Nullable List<String> tags) {}

    record NewKeyJson(String keyType, String description, long expirySeconds, CapabilitiesJson capabilities) {}

    record TagsJson(List<String> tags) {}

    record NameJson(String name) {}

    record AuthorizedJson(boolean authorized) {}

    record KeyExpiryJson(boolean keyExpiryDisabled) {}

    record EnabledRoutesJson(List<String> routes) {}

    record ValidationJson(
            @Nullable String message, @Nullable List<@Nullable FindingJson> data) {}

    record FindingJson(
            @Nullable String user,
            @Nullable List<String> errors,
            @Nullable List<String> warnings) {}
}
