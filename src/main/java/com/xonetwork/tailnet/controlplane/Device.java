package com.xonetwork.tailnet.controlplane;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One device of a tailnet, as the service lists it. Immutable.
 *
 * @param id the id to address it by (Tailscale: {@code nodeId}; Headscale: the numeric id as text)
 * @param legacyId Tailscale's older numeric id; null where there is none
 * @param name the MagicDNS name's first label, unique in the tailnet: {@code web-1}
 * @param hostname what the machine calls itself; several devices may share it
 * @param addresses tailnet addresses, in the order of the service
 * @param os operating system as the service names it ({@code linux}, {@code macOS}); empty where it does not tell
 *     (Headscale)
 * @param tags {@code tag:...}, sorted; empty for a device that a user owns
 * @param user login name of the owner; null for a tagged device where the service says so
 * @param authorized false while the device waits for approval
 * @param connected the service holds a connection to it now. Not the same as healthy: an expired device can still show
 *     connected
 * @param keyExpiryDisabled the key never expires
 * @param expires when the key expires; null when it does not or the service does not say
 * @param lastSeen when the service last saw it; null while connected or never seen. Moves by itself: not part of
 *     {@link #sameObservation}
 * @param created when it joined; null where the service does not say
 * @param external shared in from another tailnet: not ours to change
 * @param ephemeral removed by the service when it goes offline
 * @param advertisedRoutes CIDRs that the device offers
 * @param enabledRoutes CIDRs that are approved for it
 * @param servedRoutes CIDRs whose traffic goes through this device now, of several that are approved for them; without exit
 *     routes. Null where the service does not tell (Tailscale)
 */
public record Device(
        String id,
        @Nullable String legacyId,
        String name,
        String hostname,
        List<String> addresses,
        String os,
        SortedSet<String> tags,
        @Nullable String user,
        boolean authorized,
        boolean connected,
        boolean keyExpiryDisabled,
        @Nullable Instant expires,
        @Nullable Instant lastSeen,
        @Nullable Instant created,
        boolean external,
        boolean ephemeral,
        SortedSet<String> advertisedRoutes,
        SortedSet<String> enabledRoutes,
        @Nullable SortedSet<String> servedRoutes) {

    public Device {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hostname, "hostname");
        addresses = List.copyOf(addresses);
        tags = unmodifiableCopy(tags);
        advertisedRoutes = unmodifiableCopy(advertisedRoutes);
        enabledRoutes = unmodifiableCopy(enabledRoutes);
        servedRoutes = servedRoutes == null ? null : unmodifiableCopy(servedRoutes);
    }

    private static SortedSet<String> unmodifiableCopy(SortedSet<String> set) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(set));
    }

    /**
     * Whether the two differ in nothing that a decision or a status depends on: in nothing but {@link #lastSeen}. Spelt
     * out rather than by copies, as it is asked for every device at every poll.
     */
    public boolean sameObservation(Device other) {
        return this == other
                || (id.equals(other.id)
                        && Objects.equals(legacyId, other.legacyId)
                        && name.equals(other.name)
                        && hostname.equals(other.hostname)
                        && addresses.equals(other.addresses)
                        && os.equals(other.os)
                        && tags.equals(other.tags)
                        && Objects.equals(user, other.user)
                        && authorized == other.authorized
                        && connected == other.connected
                        && keyExpiryDisabled == other.keyExpiryDisabled
                        && Objects.equals(expires, other.expires)
                        && Objects.equals(created, other.created)
                        && external == other.external
                        && ephemeral == other.ephemeral
                        && advertisedRoutes.equals(other.advertisedRoutes)
                        && enabledRoutes.equals(other.enabledRoutes)
                        && Objects.equals(servedRoutes, other.servedRoutes));
    }

    /** The key has run out: whatever {@link #connected} says, the device cannot take part. */
    public boolean keyExpired(Instant now) {
        return !keyExpiryDisabled && expires != null && !expires.isAfter(now);
    }

    /** It is connected, and its key has not run out. */
    public boolean online(Instant now) {
        return connected && !keyExpired(now);
    }

    /** The address to show where there is room for one: the first IPv4 address, else the first of all. */
    public Optional<String> address() {
        return addresses.stream()
                .filter(address -> address.indexOf(':') < 0)
                .findFirst()
                .or(() -> addresses.stream().findFirst());
    }

    public Optional<Instant> expiry() {
        return Optional.ofNullable(expires);
    }

    public Device withTags(SortedSet<String> newTags) {
        return with(name, newTags, authorized, keyExpiryDisabled, enabledRoutes);
    }

    public Device withName(String newName) {
        return with(newName, tags, authorized, keyExpiryDisabled, enabledRoutes);
    }

    public Device withAuthorized(boolean nowAuthorized) {
        return with(name, tags, nowAuthorized, keyExpiryDisabled, enabledRoutes);
    }

    public Device withKeyExpiryDisabled(boolean disabled) {
        return with(name, tags, authorized, disabled, enabledRoutes);
    }

    public Device withEnabledRoutes(SortedSet<String> routes) {
        return with(name, tags, authorized, keyExpiryDisabled, routes);
    }

    /** A copy that differs in what can be set through the API. */
    private Device with(
            String newName,
            SortedSet<String> newTags,
            boolean nowAuthorized,
            boolean nowKeyExpiryDisabled,
            SortedSet<String> newEnabledRoutes) {
        return new Device(
                id,
                legacyId,
                newName,
                hostname,
                addresses,
                os,
                newTags,
                user,
                nowAuthorized,
                connected,
                nowKeyExpiryDisabled,
                expires,
                lastSeen,
                created,
                external,
                ephemeral,
                advertisedRoutes,
                newEnabledRoutes,
                servedRoutes);
    }
}
