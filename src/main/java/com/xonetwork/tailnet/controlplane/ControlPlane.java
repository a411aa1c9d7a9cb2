package com.xonetwork.tailnet.controlplane;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One tailnet as its control plane shows it. The contract that every adapter keeps:
 *
 * <ul>
 *   <li>calls block the calling thread, never longer than the call timeout times the retries;
 *   <li>reads never change anything outside; every write is idempotent except {@link #createJoinKey};
 *   <li>a write replaces the whole value (tags, routes), as the services do;
 *   <li>what cannot be known is an exception, never an empty answer;
 *   <li>a missing {@link Capability} is refused with {@link ControlPlaneException.NotSupported} before any call is made.
 * </ul>
 *
 * All methods throw {@link ControlPlaneException}. Implementations are safe for use by several threads.
 */
public interface ControlPlane extends AutoCloseable {

    /** What this control plane can do, as far as it was detected. Asked often: makes no call. */
    Set<Capability> capabilities();

    /**
     * Looks what the control plane can do, and with it whether it can be reached and takes our credentials. Makes a few
     * harmless reads; called once after connecting, and again after credentials changed.
     */
    Set<Capability> detectCapabilities();

    /** How far this machine's clock and the control plane's are apart; empty while no answer has told. Makes no call. */
    default Optional<ClockSkew> clockSkew() {
        return Optional.empty();
    }

    /** All devices, in one call. An empty list means that the service answered with an empty list, nothing else. */
    List<Device> devices();

    /**
     * All devices, in one call, each counted as it is read.
     *
     * @throws ControlPlaneException.TooLarge when the intake has no room for all of them
     */
    default List<Device> devices(ListIntake intake) {
        var all = devices();
        all.forEach(intake::device);
        return all;
    }

    /** Replaces the device's tags. Refused ({@link ControlPlaneException.Rejected}) for tags the policy does not let us set. */
    void setTags(String deviceId, Set<String> tags);

    /** Sets the MagicDNS name (first label only). {@link ControlPlaneException.Rejected} when it is taken or malformed. */
    void setName(String deviceId, String name);

    /** Authorizes a device in a tailnet with device approval, or takes the authorization back. */
    void setAuthorized(String deviceId, boolean authorized);

    /** Switches the key's expiry off, or on again. */
    void setKeyExpiryDisabled(String deviceId, boolean disabled);

    /** Routes that one device advertises, and those enabled for it. */
    DeviceRoutes routes(String deviceId);

    /** Replaces the device's enabled routes (CIDRs), exit routes included. */
    DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes);

    /**
     * Who made the last change to a device that the service knows of, as a human would look for it: a login name or the
     * like, and through what. Asked seldom: only to name whom we are in a fight with.
     *
     * @param since no change before it is of interest
     * @return empty when the service's log has no such change
     */
    default Optional<String> lastEditor(String deviceId, Instant since, Instant until) {
        throw new ControlPlaneException.NotSupported(Capability.AUDIT_LOG);
    }

    /** Removes the device from the tailnet. A device that is gone already is a success. */
    void deleteDevice(String deviceId);

    /**
     * Makes one join key. Not idempotent and never retried: after an {@link ControlPlaneException.Unavailable} look for
     * the key by its description before asking again.
     */
    JoinKey createJoinKey(JoinKeyRequest request);

    /** Join keys without their secret part. */
    List<JoinKey> joinKeys();

    /** Revokes a join key; one that is gone already is a success. */
    void revokeJoinKey(String keyId);

    /** The policy file now in force; empty only when the service says that none was ever set. */
    Optional<PolicyDocument> policy();

    /**
     * Has the service parse and test a policy without storing it.
     *
     * @param hujson the policy text
     * @return the service's own messages; empty when it would accept the policy
     */
    List<String> validatePolicy(String hujson);

    /**
     * Replaces the policy file if the condition holds.
     *
     * @throws ControlPlaneException.Conflict when the policy in force is not the one the condition names
     * @throws ControlPlaneException.Rejected when the policy is malformed or its tests fail
     */
    PolicyDocument publishPolicy(String hujson, PolicyPrecondition precondition);

    /** Releases connections. Idempotent. */
    @Override
    void close();
}
