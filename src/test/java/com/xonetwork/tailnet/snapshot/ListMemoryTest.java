package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Control planes that answer with more than there is memory for. */
@Timeout(30)
class ListMemoryTest {

    private static final TailnetKey HOME = new TailnetKey("a", "home");
    private static final TailnetKey LYING = new TailnetKey("b", "lying");

    private final SnapshotStore store = new SnapshotStore(Clock.systemUTC(), 3);
    private final FakeControlPlane honest = new FakeControlPlane().with(plain("1"));
    private final FakeControlPlane lying = new FakeControlPlane()
            .with(IntStream.range(0, 1_000)
                    .mapToObj(id -> plain(String.valueOf(id)))
                    .toArray(Device[]::new));
    private final SnapshotPoller poller = new SnapshotPoller(
            settings -> settings.url().getHost().startsWith("lying") ? lying : honest,
            store,
            Clock.systemUTC(),
            CallShares.defaults(),
            new MemoryBudget(300_000, 200_000),
            10_000);

    @Test
    void aListThatDoesNotFitIsRefusedWholeAndTheOthersGoOn() {
        watch(LYING, "https://lying.example.com");
        await().until(() -> store.view(LYING).trouble() instanceof ControlPlaneException.TooLarge);
        watch(HOME, "https://honest.example.com");

        await().until(() -> store.view(HOME).usableDevices().isPresent());
        assertThat(store.view(LYING).devices()).isNull();
        poller.close();
    }

    /** Unknown is not absent: the list before stands, and grows old. */
    @Test
    void aListThatHasGrownTooLargeTakesNothingAway() {
        watch(HOME, "https://honest.example.com");
        await().until(() -> store.view(HOME).usableDevices().isPresent());
        IntStream.range(10, 1_000).forEach(id -> honest.with(plain(String.valueOf(id))));

        poller.pollSoon(HOME, Set.of());

        await().until(() -> store.view(HOME).trouble() instanceof ControlPlaneException.TooLarge);
        assertThat(store.view(HOME).usableDevices().map(DeviceList::size)).contains(1);
        poller.close();
    }

    private void watch(TailnetKey tailnet, String url) {
        poller.watch(
                tailnet,
                Settings.tailscale(URI.create(url)),
                new SnapshotPoller.Plan(Duration.ofHours(1), Duration.ofHours(2), Map.of(), null));
    }
}
