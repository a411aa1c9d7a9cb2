package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device as the simulated service knows it. Immutable; {@link #toBuilder} makes a changed one.
 *
 * @param nodeId the preferred id, {@code n000001CNTRL}
 * @param legacyId the older numeric id, JSON field {@code id}
 * @param name first label of the MagicDNS name, unique in the tailnet
 * @param expires null for a key that was never given an end
 * @param lastSeen shown only while not connected
 * @param external shared in from another tailnet
 */
public record SimDevice(
        String nodeId,
        String legacyId,
        String name,
        String hostname,
        String user,
        String os,
        String clientVersion,
        List<String> addresses,
        List<String> tags,
        boolean authorized,
        boolean connected,
        boolean keyExpiryDisabled,
        @Nullable Instant expires,
        @Nullable Instant lastSeen,
        @Nullable Instant created,
        boolean external,
        boolean ephemeral,
        boolean sshEnabled,
        boolean updateAvailable,
        List<String> advertisedRoutes,
        List<String> enabledRoutes) {

    /** The owner that the service shows for a device that belongs to tags. */
    static final String TAGGED_DEVICES = "tagged-devices";

    public SimDevice {
        addresses = List.copyOf(addresses);
        tags = List.copyOf(tags);
        advertisedRoutes = List.copyOf(advertisedRoutes);
        enabledRoutes = List.copyOf(enabledRoutes);
    }

    /**
     * A Linux machine of a user, approved and connected. Ids, addresses and times that are left open are filled in when it
     * is added; a name that is taken gets a suffix, as on the live service.
     */
    public static Builder named(String hostname) {
        return new Builder(hostname);
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    boolean hasId(String deviceId) {
        return nodeId.equals(deviceId) || legacyId.equals(deviceId);
    }

    /** Makes devices. Not for use by several threads. */
    public static final class Builder {
        private String nodeId = "";
        private String legacyId = "";
        private String name;
        private String hostname;
        private String user = "amelie@example.com";
        private String os = "linux";
        private String clientVersion = "1.90.6";
        private List<String> addresses = List.of();
        private List<String> tags = List.of();
        private boolean authorized = true;
        private boolean connected = true;
        private boolean keyExpiryDisabled;
        private @Nullable Instant expires;
        private @Nullable Instant lastSeen;
        private @Nullable Instant created;
        private boolean external;
        private boolean ephemeral;
        private boolean sshEnabled;
        private boolean updateAvailable;
        private List<String> advertisedRoutes = List.of();
        private List<String> enabledRoutes = List.of();

        private Builder(String hostname) {
            this.name = hostname;
            this.hostname = hostname;
        }

        private Builder(SimDevice from) {
            nodeId = from.nodeId;
            legacyId = from.legacyId;
            name = from.name;
            hostname = from.hostname;
            user = from.user;
            os = from.os;
            clientVersion = from.clientVersion;
            addresses = from.addresses;
            tags = from.tags;
            authorized = from.authorized;
            connected = from.connected;
            keyExpiryDisabled = from.keyExpiryDisabled;
            expires = from.expires;
            lastSeen = from.lastSeen;
            created = from.created;
            external = from.external;
            ephemeral = from.ephemeral;
            sshEnabled = from.sshEnabled;
            updateAvailable = from.updateAvailable;
            advertisedRoutes = from.advertisedRoutes;
            enabledRoutes = from.enabledRoutes;
        }

        public Builder ids(String newNodeId, String newLegacyId) {
            nodeId = newNodeId;
            legacyId = newLegacyId;
            return this;
        }

        /** The MagicDNS name, where it is to differ from the host name. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder hostname(String value) {
            hostname = value;
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder os(String value) {
            os = value;
            return this;
        }

        public Builder clientVersion(String value) {
            clientVersion = value;
            return this;
        }

        public Builder addresses(String... values) {
            addresses = List.of(values);
            return this;
        }

        /** Tagged devices belong to their tags, no longer to a user. */
        public Builder tags(String... values) {
            return tags(List.of(values));
        }

        Builder tags(List<String> values) {
            tags = values;
            if (!values.isEmpty()) {
                user = TAGGED_DEVICES;
            }
            return this;
        }

        public Builder authorized(boolean value) {
            authorized = value;
            return this;
        }

        public Builder connected(boolean value) {
            connected = value;
            return this;
        }

        public Builder keyExpiryDisabled(boolean value) {
            keyExpiryDisabled = value;
            return this;
        }

        public Builder expires(@Nullable Instant value) {
            expires = value;
            return this;
        }

        public Builder lastSeen(@Nullable Instant value) {
            lastSeen = value;
            return this;
        }

        public Builder created(@Nullable Instant value) {
            created = value;
            return this;
        }

        public Builder external(boolean value) {
            external = value;
            return this;
        }

        public Builder ephemeral(boolean value) {
            ephemeral = value;
            return this;
        }

        public Builder sshEnabled(boolean value) {
            sshEnabled = value;
            return this;
        }

        public Builder updateAvailable(boolean value) {
            updateAvailable = value;
            return this;
        }

        public Builder advertisedRoutes(String... values) {
            return advertisedRoutes(List.of(values));
        }

        Builder advertisedRoutes(List<String> values) {
            advertisedRoutes = values;
            return this;
        }

        public Builder enabledRoutes(String... values) {
            return enabledRoutes(List.of(values));
        }

        Builder enabledRoutes(List<String> values) {
            enabledRoutes = values;
            return this;
        }

        public SimDevice build() {
            return new SimDevice(
                    nodeId,
                    legacyId,
                    name,
                    hostname,
                    user,
                    os,
                    clientVersion,
                    addresses,
                    tags,
                    authorized,
                    connected,
                    keyExpiryDisabled,
                    expires,
                    lastSeen,
                    created,
                    external,
                    ephemeral,
                    sshEnabled,
                    updateAvailable,
                    advertisedRoutes,
                    enabledRoutes);
        }
    }
}
