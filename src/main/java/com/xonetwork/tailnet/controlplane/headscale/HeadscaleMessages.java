package com.xonetwork.tailnet.controlplane.headscale;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON (gRPC gateway): ids are text, absent and {@code null} are the same. */
final class HeadscaleMessages {

    private HeadscaleMessages() {}

    record NodeListJson(@Nullable List<@Nullable NodeJson> nodes) {}

    record OneNodeJson(@Nullable NodeJson node) {}

    record NodeJson(
            @Nullable String id,
            @Nullable String name,
            @Nullable String givenName,
            @Nullable List<String> ipAddresses,
            @Nullable UserJson user,
            @Nullable String lastSeen,
            @Nullable String expiry,
            @Nullable String createdAt,
            @Nullable Boolean online,
            @Nullable List<String> approvedRoutes,
            @Nullable List<String> subnetRoutes,
            @Nullable List<String> availableRoutes,
            @Nullable List<String> tags,
            @Nullable KeyJson preAuthKey) {}

    record UserJson(@Nullable String name) {}

    record KeyListJson(@Nullable List<@Nullable KeyJson> preAuthKeys) {}

    record OneKeyJson(@Nullable KeyJson preAuthKey) {}

    record KeyJson(
            @Nullable String id,
            @Nullable String key,
            @Nullable Boolean reusable,
            @Nullable Boolean ephemeral,
            @Nullable Boolean used,
            @Nullable String expiration,
            @Nullable List<String> aclTags) {
        @Override
        public String toString() {
            return "KeyJson[id=" + id + "]";
        }
    }

    record NewKeyJson(boolean reusable, boolean ephemeral, String expiration, List<String> aclTags) {}

    record KeyIdJson(String id) {}

    record TagsJson(List<String> tags) {}

    record RoutesJson(List<String> routes) {}

    record PolicyJson(@Nullable String policy) {}

    record MessageJson(@Nullable String message) {}

    record HealthJson(@Nullable Boolean databaseConnectivity) {}

    record DescriptionJson(@Nullable Map<String, Object> paths) {}
}
