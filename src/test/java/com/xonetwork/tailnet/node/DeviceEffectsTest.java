package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.node.DeviceAction.SetApproval;
import com.xonetwork.tailnet.node.DeviceAction.SetKeyExpiry;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.DeviceAction.SetTags;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceEffectsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final DeviceEffects effects = new DeviceEffects(snapshots);
    private final Device old = device("1", "old").waiting().build();
    private final FakeControlPlane controlPlane = new FakeControlPlane().with(old);

    private final DeviceAction name = new SetName("1", "web-1", "old");
    private final DeviceAction tags = new SetTags("1", new TreeSet<>(List.of("tag:a")), "[]");
    private final DeviceAction approval = new SetApproval("1", true, "not approved");
    private final DeviceAction keyExpiry = new SetKeyExpiry("1", true, "enabled");

    @BeforeEach
    void listed() {
        Connections.connect(snapshots, HOME, controlPlane);
        snapshots.listed(HOME, List.of(old), clock.instant());
    }

    @Test
    void makesEachChangeAndTheSnapshotKnowsOfIt() {
        var outcome = effects.perform(HOME, snapshots.view(HOME), List.of(name, tags, approval, keyExpiry));

        assertThat(outcome.done()).containsExactly(name, tags, approval, keyExpiry);
        assertThat(outcome.failures()).isEmpty();
        assertThat(controlPlane.calls())
                .containsExactly(
                        "setName 1 web-1", "setTags 1 [tag:a]", "setAuthorized 1 true", "setKeyExpiryDisabled 1 true");
        var expected = device("1", "web-1")
                .hostname("old")
                .tags("tag:a")
                .keyNeverExpires()
                .build();
        assertThat(outcome.view().devices().byId("1"))
                .as("who wrote it knows at once")
                .contains(expected);
        assertThat(seen())
                .isEqualTo(expected)
                .isEqualTo(controlPlane.device("1").orElseThrow());
    }

    @Test
    void aFailureDoesNotKeepTheOthersFromBeingMade() {
        var why = Failing.rejected("requested tags are invalid or not permitted");
        controlPlane.failing("setTags", why);

        var outcome = effects.perform(HOME, snapshots.view(HOME), List.of(tags, name));

        assertThat(outcome.done()).containsExactly(name);
        assertThat(outcome.failures()).containsOnlyKeys(Attempt.of(tags)).containsValue(why);
        assertThat(seen().name()).isEqualTo("web-1");
        assertThat(seen().tags()).as("what was refused is not taken for done").isEmpty();
        assertThat(outcome.view().devices().byId("1")).contains(seen());
    }

    @Test
    void aDeviceThatIsGoneIsAFailureOfThatWrite() {
        controlPlane.without("1");

        assertThat(effects.perform(HOME, snapshots.view(HOME), List.of(name))
                        .failures()
                        .get(Attempt.of(name)))
                .isInstanceOf(ControlPlaneException.NotFound.class);
    }

    @Test
    void deletionShowsInTheSnapshotAtOnce() {
        effects.delete(HOME, snapshots.view(HOME), "1");

        assertThat(controlPlane.calls()).containsExactly("deleteDevice 1");
        assertThat(snapshots.view(HOME).devices().byId("1")).isEmpty();
    }

    @Test
    void aDeletionThatFailedLeavesTheSnapshotAsItIs() {
        controlPlane.failing("deleteDevice", Failing.unavailable());

        assertThatThrownBy(() -> effects.delete(HOME, snapshots.view(HOME), "1"))
                .isInstanceOf(ControlPlaneException.Unavailable.class);
        assertThat(snapshots.view(HOME).devices().byId("1")).isPresent();
    }

    /** Ids of Headscale are small numbers: device 1 of another control plane is another machine. */
    @Test
    void whatWasDecidedOnOneConnectionIsNotDoneOnAnother() {
        var decidedOn = snapshots.view(HOME);
        var elsewhere = new FakeControlPlane().with(device("1", "a stranger").build());
        Connections.connect(snapshots, HOME, elsewhere);
        snapshots.listed(HOME, List.of(device("1", "a stranger").build()), clock.instant());

        assertThat(effects.perform(HOME, decidedOn, List.of(tags)).failures().get(Attempt.of(tags)))
                .isInstanceOf(ControlPlaneException.ConnectionEnded.class);
        assertThatThrownBy(() -> effects.delete(HOME, decidedOn, "1"))
                .isInstanceOf(ControlPlaneException.ConnectionEnded.class);

        assertThat(elsewhere.calls()).isEmpty();
        assertThat(controlPlane.calls()).isEmpty();
        assertThat(seen().name()).isEqualTo("a stranger");
    }

    @Test
    void aWriteThatWasUnderWayWhenTheConnectionEndedShowsInNoOtherView() {
        var decidedOn = snapshots.view(HOME);
        controlPlane.during("setName", () -> {
            Connections.connect(snapshots, HOME, new FakeControlPlane());
            snapshots.listed(HOME, List.of(device("1", "a stranger").build()), clock.instant());
        });

        effects.perform(HOME, decidedOn, List.of(name));

        assertThat(seen().name()).isEqualTo("a stranger");
    }

    private Device seen() {
        return snapshots.view(HOME).devices().byId("1").orElseThrow();
    }
}
