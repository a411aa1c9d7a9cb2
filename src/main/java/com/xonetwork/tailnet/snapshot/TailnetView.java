package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one tailnet at one moment. Immutable; reconcilers take one and decide on it alone.
 *
 * @param freshness whether {@code devices} may be acted upon
 * @param devices the last list that was believed; null while there was none
 * @param trouble why the last attempt to list failed; null when it succeeded
 * @param suspectSize size of a list that is not believed yet (see {@link SnapshotStore}); null when there is none
 * @param capabilities of the control plane; empty while unknown
 * @param policyRead whether the policy file was read at all
 * @param policy the policy file in force, where {@code policyRead}; null when none was ever set
 * @param policyTrouble why the last attempt to read the policy failed; null when it succeeded
 * @param goodPolls believed lists since the operator started
 * @param lastSeenInPoll for each device id, the number of the good poll that last listed it
 */
public record TailnetView(
        Freshness freshness,
        @Nullable DeviceList devices,
        @Nullable ControlPlaneException trouble,
        @Nullable Integer suspectSize,
        Set<Capability> capabilities,
        boolean policyRead,
        @Nullable PolicyDocument policy,
        @Nullable ControlPlaneException policyTrouble,
        long goodPolls,
        Map<String, Long> lastSeenInPoll) {

    /** May a decision rest on the device list? */
    public enum Freshness {
        /**
         * The operator has just started and not asked yet. What a status says from before is still the best that is known:
         * it is left as it is for the moment of the first poll.
         */
        PENDING,
        /** Asked in vain, or cannot ask: nothing is known. */
        NEVER,
        /** Listed not long ago. */
        FRESH,
        /** Listed too long ago: conditions go Unknown and nothing is decided. */
        STALE
    }

    static final TailnetView NOTHING =
            new TailnetView(Freshness.PENDING, null, null, null, Set.of(), false, null, null, 0, Map.of());

    /** Whether a status from before the operator started should stand until the first poll has ended. */
    public boolean isPending() {
        return freshness == Freshness.PENDING;
    }

    /** The devices if decisions may rest on them. */
    public Optional<DeviceList> usableDevices() {
        return freshness == Freshness.FRESH ? Optional.ofNullable(devices) : Optional.empty();
    }

    public boolean can(Capability capability) {
        return capabilities.contains(capability);
    }

    /** How many good polls in a row lacked the device; 0 while it is listed. */
    public long pollsWithout(String deviceId) {
        return goodPolls - lastSeenInPoll.getOrDefault(deviceId, 0L);
    }

    TailnetView withDevices(@Nullable DeviceList list) {
        return new TailnetView(
                freshness,
                list,
                trouble,
                suspectSize,
                capabilities,
                policyRead,
                policy,
                policyTrouble,
                goodPolls,
                lastSeenInPoll);
    }

    TailnetView withFreshness(Freshness now) {
        return withTrouble(now, trouble, suspectSize);
    }

    TailnetView withTrouble(Freshness now, @Nullable ControlPlaneException why, @Nullable Integer suspect) {
        return new TailnetView(
                now, devices, why, suspect, capabilities, policyRead, policy, policyTrouble, goodPolls, lastSeenInPoll);
    }

    TailnetView withCapabilities(Set<Capability> detected) {
        return new TailnetView(
                freshness,
                devices,
                trouble,
                suspectSize,
                Set.copyOf(detected),
                policyRead,
                policy,
                policyTrouble,
                goodPolls,
                lastSeenInPoll);
    }

    TailnetView withPolicy(@Nullable PolicyDocument document) {
        return new TailnetView(
                freshness,
                devices,
                trouble,
                suspectSize,
                capabilities,
                true,
                document,
                null,
                goodPolls,
                lastSeenInPoll);
    }

    TailnetView withoutPolicy() {
        return new TailnetView(
                freshness, devices, trouble, suspectSize, capabilities, false, null, null, goodPolls, lastSeenInPoll);
    }

    TailnetView withPolicyTrouble(ControlPlaneException why) {
        return new TailnetView(
                freshness,
                devices,
                trouble,
                suspectSize,
                capabilities,
                policyRead,
                policy,
                why,
                goodPolls,
                lastSeenInPoll);
    }

    TailnetView withGoodPoll(DeviceList list, Map<String, Long> seen) {
        return new TailnetView(
                Freshness.FRESH,
                list,
                null,
                null,
                capabilities,
                policyRead,
                policy,
                policyTrouble,
                goodPolls + 1,
                seen);
    }
}
