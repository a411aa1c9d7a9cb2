package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one tailnet at one moment. Immutable; reconcilers take one and decide on it alone.
 *
 * @param freshness whether {@code devices} may be acted upon
 * @param devices the last list that was believed; null while there was none
 * @param trouble why the last attempt to list failed; null when it succeeded
 * @param suspectSize size of a list that is not believed yet (see {@link SnapshotStore}); null when there is none
 * @param capabilities of the control plane; empty while unknown
 * @param documents what was read of the tailnet's documents, the policy file for one
 * @param goodPolls believed lists since the operator started
 * @param lastSeenInPoll for each device id, the number of the good poll that last listed it
 * @param epoch number of the connection; never the same for two connections or two Tailnets, 0 when there was none yet. A good
 *     poll is told apart by (epoch, number): numbers begin anew with each connection to another tailnet
 * @param connection on which all this was seen; null while there is none
 * @param proven whether the control plane took the credentials of this connection: it has answered with a list
 * @param clock how this machine's clock and the control plane's stand; null while no answer has told
 */
public record TailnetView(
        Freshness freshness,
        @Nullable DeviceList devices,
        @Nullable ControlPlaneException trouble,
        @Nullable Integer suspectSize,
        Set<Capability> capabilities,
        Documents documents,
        long goodPolls,
        Map<String, Long> lastSeenInPoll,
        long epoch,
        @Nullable Connection connection,
        boolean proven,
        @Nullable ClockReading clock) {

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

    /** Of a Tailnet that was never heard of. */
    public static final TailnetView NOTHING = new TailnetView(
            Freshness.PENDING, null, null, null, Set.of(), Documents.NONE, 0, Map.of(), 0, null, false, null);

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

    /** What is known of a document: whether it was read, and what it says. */
    public <T> Observed<T> document(DocumentKind<T> kind) {
        return documents.of(kind);
    }

    /** How many good polls in a row lacked the device; 0 while it is listed. */
    public long pollsWithout(String deviceId) {
        return goodPolls - lastSeenInPoll.getOrDefault(deviceId, 0L);
    }

    /** The control plane that this was seen at; empty while there is no connection. */
    public Optional<ControlPlane> controlPlane() {
        return Optional.ofNullable(connection).map(Connection::controlPlane);
    }

    /** How the Tailnet is connected; empty while it is not. */
    public Optional<ControlPlaneSettings> settings() {
        return Optional.ofNullable(connection).map(Connection::settings);
    }

    /**
     * What the control plane's clock shows when this machine's shows that: for comparing with times that the control plane gave. The
     * same as long as the two are known to agree, or nothing is known.
     */
    public Instant there(Instant here) {
        return clock == null ? here : clock.there(here);
    }

    /** Whether the two clocks are known to differ. */
    public boolean isClockOff() {
        return clock != null && !clock.inSync();
    }

    /** Whether the Tailnet has another connection than this view's, so that nothing may be done on it any more. */
    public boolean isOutdated() {
        return connection != null && connection.isEnded();
    }

    /** How far the control plane's clock is ahead, as its last answer showed; empty when none has. */
    public Optional<ClockSkew> clockSkew() {
        return controlPlane().flatMap(ControlPlane::clockSkew);
    }

    /** The same after our own write to a device, for who made it. All others get it from the store. */
    public TailnetView withDevice(String deviceId, UnaryOperator<Device> change) {
        return devices == null ? this : withDevices(devices.with(deviceId, change));
    }

    TailnetView withDevices(@Nullable DeviceList list) {
        return but(copy -> copy.devices = list);
    }

    TailnetView withFreshness(Freshness now) {
        return but(copy -> copy.freshness = now);
    }

    TailnetView withTrouble(Freshness now, @Nullable ControlPlaneException why, @Nullable Integer suspect) {
        return but(copy -> {
            copy.freshness = now;
            copy.trouble = why;
            copy.suspectSize = suspect;
            // Only these say that the credentials are good no longer; an outage says nothing of them.
            copy.proven = why == null
                    ? suspect != null || proven
                    : proven
                            && !(why instanceof ControlPlaneException.Unauthorized)
                            && !(why instanceof ControlPlaneException.Forbidden);
        });
    }

    TailnetView withClock(ClockReading now) {
        return but(copy -> copy.clock = now);
    }

    TailnetView withCapabilities(Set<Capability> detected) {
        return but(copy -> copy.capabilities = Set.copyOf(detected));
    }

    <T> TailnetView withDocument(DocumentKind<T> kind, Observed<T> observed) {
        return withDocuments(documents.with(kind, observed));
    }

    TailnetView withDocuments(Documents now) {
        return but(copy -> copy.documents = now);
    }

    TailnetView withGoodPoll(DeviceList list, Map<String, Long> seen) {
        return but(copy -> {
            copy.freshness = Freshness.FRESH;
            copy.devices = list;
            copy.trouble = null;
            copy.suspectSize = null;
            copy.goodPolls = goodPolls + 1;
            copy.lastSeenInPoll = seen;
            copy.proven = true;
        });
    }

    /** The same tailnet over another connection: what was seen there is still true, but not what its credentials may do. */
    TailnetView over(Connection next, long nextEpoch) {
        return but(copy -> {
            copy.connection = next;
            copy.epoch = nextEpoch;
            copy.proven = false;
        });
    }

    /** Nothing is known, and nothing was asked yet. */
    static TailnetView nothing(Freshness freshness, @Nullable Connection connection, long epoch) {
        return NOTHING.but(copy -> {
            copy.freshness = freshness;
            copy.connection = connection;
            copy.epoch = epoch;
        });
    }

    private TailnetView but(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.build();
    }

    /** For changes of single components. */
    private static final class Copy {
        private Freshness freshness;
        private @Nullable DeviceList devices;
        private @Nullable ControlPlaneException trouble;
        private @Nullable Integer suspectSize;
        private Set<Capability> capabilities;
        private Documents documents;
        private long goodPolls;
        private Map<String, Long> lastSeenInPoll;
        private long epoch;
        private @Nullable Connection connection;
        private boolean proven;
        private @Nullable ClockReading clock;

        Copy(TailnetView view) {
            freshness = view.freshness;
            devices = view.devices;
            trouble = view.trouble;
            suspectSize = view.suspectSize;
            capabilities = view.capabilities;
            documents = view.documents;
            goodPolls = view.goodPolls;
            lastSeenInPoll = view.lastSeenInPoll;
            epoch = view.epoch;
            connection = view.connection;
            proven = view.proven;
            clock = view.clock;
        }

        TailnetView build() {
            return new TailnetView(
                    freshness,
                    devices,
                    trouble,
                    suspectSize,
                    capabilities,
                    documents,
                    goodPolls,
                    lastSeenInPoll,
                    epoch,
                    connection,
                    proven,
                    clock);
        }
    }
}
