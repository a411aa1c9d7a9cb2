package com.xonetwork.tailnet.controlplane;

import java.util.List;
import java.util.Set;

/** The devices of a tailnet. Every control plane has this port. */
public non-sealed interface Devices extends Port {

    /**
     * All devices, in one call, each counted as it is read. An empty list means that the service answered with an empty list,
     * nothing else.
     *
     * @throws ControlPlaneException.TooLarge when the intake has no room for all of them
     */
    List<Device> list(ListIntake intake);

    /** All devices, however many they are. */
    default List<Device> list() {
        try (var intake = ListIntake.unlimited()) {
            return list(intake);
        }
    }

    /** Replaces the device's tags. Refused ({@link ControlPlaneException.Rejected}) for tags the policy does not let us set. */
    void setTags(String deviceId, Set<String> tags);

    /** Sets the MagicDNS name (first label only). {@link ControlPlaneException.Rejected} when it is taken or malformed. */
    void setName(String deviceId, String name);

    /** Authorizes a device in a tailnet with device approval, or takes the authorization back. */
    void setAuthorized(String deviceId, boolean authorized);

    /** Switches the key's expiry off, or on again. */
    void setKeyExpiryDisabled(String deviceId, boolean disabled);

    /** Replaces the device's enabled routes (CIDRs), exit routes included. */
    DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes);

    /** Removes the device from the tailnet. A device that is gone already is a success. */
    void delete(String deviceId);
}
