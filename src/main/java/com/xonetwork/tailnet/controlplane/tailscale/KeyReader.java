package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.CapabilitiesJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.CreateJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.DevicesJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.KeyJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.NewKeyJson;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Auth keys, out of an API that keeps API tokens and OAuth clients in the same list. */
final class KeyReader {

    private static final String AUTH_KEY = "auth";

    private final InstantSource there;

    /** @param there the service's clock */
    KeyReader(InstantSource there) {
        this.there = there;
    }

    NewKeyJson toJson(JoinKeyRequest request) {
        var create = new CreateJson(false, false, true, List.copyOf(request.tags()));
        return new NewKeyJson(
                AUTH_KEY,
                request.description(),
                request.validFor().toSeconds(),
                new CapabilitiesJson(new DevicesJson(create)));
    }

    /** The new key; empty when the answer lacks the key itself or the id to revoke it by. */
    Optional<JoinKey> created(KeyJson json) {
        return json.key() == null || json.key().isBlank() ? Optional.empty() : read(json, json.key());
    }

    /** The auth keys among them. An entry that does not tell its kind counts as one if it can create devices. */
    List<JoinKey> joinKeys(List<@Nullable KeyJson> listed) {
        return listed.stream()
                .filter(Objects::nonNull)
                .filter(KeyReader::isAuthKey)
                .map(json -> read(json, null))
                .flatMap(Optional::stream)
                .toList();
    }

    private static boolean isAuthKey(KeyJson json) {
        return json.keyType() == null ? creation(json) != null : json.keyType().equals(AUTH_KEY);
    }

    private Optional<JoinKey> read(KeyJson json, @Nullable String secret) {
        if (json.id() == null || json.id().isBlank()) {
            return Optional.empty();
        }
        var expires = DeviceReader.instant(json.expires());
        boolean over = expires != null && !expires.isAfter(there.instant());
        boolean revoked = DeviceReader.instant(json.revoked()) != null || Boolean.TRUE.equals(json.invalid());
        var creation = creation(json);
        return Optional.of(new JoinKey(
                json.id(),
                secret,
                json.description() == null ? "" : json.description(),
                DeviceReader.sorted(creation == null ? null : creation.tags()),
                expires,
                !over && !revoked));
    }

    private static @Nullable CreateJson creation(KeyJson json) {
        var capabilities = json.capabilities();
        var devices = capabilities == null ? null : capabilities.devices();
        return devices == null ? null : devices.create();
    }
}
