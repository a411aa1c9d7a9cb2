package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings.Api;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestTailnet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateTailnetsTest {

    private static final String TAILSCALE = "https://api.tailscale.com";
    private static final String OWN = "https://control.example.com";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 10);
    /** Lists nothing by itself: what is known of a tailnet is what the test says. */
    private final SnapshotPoller poller = new SnapshotPoller(
            settings -> new FakeControlPlane().failing("detectCapabilities", Failing.unavailable()), snapshots, clock);

    private final DuplicateTailnets duplicates = new DuplicateTailnets(poller, snapshots);

    @AfterEach
    void stop() {
        poller.close();
    }

    @ParameterizedTest
    @CsvSource({
        "https://control.example.com, https://control.example.com/",
        "https://control.example.com, https://CONTROL.example.com:443",
        "http://control.example.com, http://control.example.com:80",
    })
    void oneHeadscaleIsOneTailnet(String one, String other) {
        var older = older("old").headscale(one).build();
        var younger = tailnet("new").headscale(other).build();

        assertThat(olderOne(younger, older)).hasValue(TailnetKey.of(older));
        assertThat(olderOne(older, younger)).isEmpty();
    }

    @Test
    void oneNameAtOneServiceIsOneTailnet() {
        var older = older("old").tailscale(TAILSCALE, "example.com").build();
        var younger = tailnet("new")
                .in("elsewhere")
                .tailscale(TAILSCALE, "example.com")
                .build();

        assertThat(olderOne(younger, older)).hasValue(TailnetKey.of(older));
    }

    @ParameterizedTest
    @CsvSource({
        "https://control.example.com, https://control.example.org",
        "https://control.example.com, https://control.example.com:8443",
        "https://control.example.com, http://control.example.com",
    })
    void otherPlacesAreOtherTailnets(String one, String other) {
        assertThat(olderOne(
                        tailnet("new").headscale(other).build(),
                        older("old").headscale(one).build()))
                .isEmpty();
    }

    @Test
    void otherNamesAtOneServiceAreOtherTailnets() {
        assertThat(olderOne(
                        tailnet("new").tailscale(TAILSCALE, "example.com").build(),
                        older("old").tailscale(TAILSCALE, "example.org").build()))
                .isEmpty();
    }

    @Test
    void theCredentialsOwnTailnetIsAnotherWithOtherCredentials() {
        var older = older("old").build();
        connected(older, "other key");

        assertThat(olderOne(tailnet("new").build(), older)).isEmpty();
    }

    @Test
    void theCredentialsOwnTailnetIsTheSameWithTheSameCredentials() {
        var older = older("old").build();
        connected(older, "key");

        assertThat(olderOne(tailnet("new").build(), older)).hasValue(TailnetKey.of(older));
    }

    @Test
    void twoCredentialsOfOneTailnetAreToldByADevice() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, plain("1"), plain("2"));
        lists(younger, plain("2"));

        assertThat(olderOne(younger, older)).hasValue(TailnetKey.of(older));
    }

    @Test
    void aSharedInDeviceTellsNothing() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, plain("1"));
        lists(younger, device("1", "guest").external().build());

        assertThat(olderOne(younger, older)).isEmpty();
    }

    /** Stopped, it lists nothing any more; going on for that, it would list again, and stop again. */
    @Test
    void whatADeviceToldIsRemembered() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, plain("1"));
        lists(younger, plain("1"));
        olderOne(younger, older);

        snapshots.unwatched(TailnetKey.of(younger));

        assertThat(olderOne(younger, older)).hasValue(TailnetKey.of(older));
        assertThat(duplicates.olderOne(younger, settings("another key"), Stream.of(older, younger)))
                .isEmpty();
        duplicates.forget(TailnetKey.of(younger));
        assertThat(olderOne(younger, older)).isEmpty();
    }

    @Test
    void oneThatIsBeingDeletedIsNoRival() {
        assertThat(olderOne(
                        tailnet("new").headscale(OWN).build(),
                        older("old").headscale(OWN).deleting().build()))
                .isEmpty();
    }

    @Test
    void theOldestOfSeveralIsNamed() {
        var oldest = older("z").headscale(OWN).build();
        var middle = tailnet("a").created("2025-06-01T00:00:00Z").headscale(OWN).build();

        assertThat(olderOne(tailnet("new").headscale(OWN).build(), middle, oldest))
                .hasValue(TailnetKey.of(oldest));
    }

    @Test
    void bornInOneSecondTheyGoByName() {
        var a = tailnet("a").headscale(OWN).build();
        var b = tailnet("b").headscale(OWN).build();

        assertThat(olderOne(b, a)).hasValue(TailnetKey.of(a));
        assertThat(olderOne(a, b)).isEmpty();
    }

    private static TestTailnet older(String name) {
        return tailnet(name).created("2025-01-01T00:00:00Z");
    }

    private Optional<TailnetKey> olderOne(Tailnet tailnet, Tailnet... others) {
        return duplicates.olderOne(tailnet, settings("key"), Stream.concat(Stream.of(tailnet), Stream.of(others)));
    }

    private void connected(Tailnet tailnet, String key) {
        poller.watch(
                TailnetKey.of(tailnet),
                settings(key),
                new SnapshotPoller.Plan(Duration.ofHours(1), Duration.ofHours(3), null, null));
    }

    private void lists(Tailnet tailnet, Device... devices) {
        snapshots.listed(TailnetKey.of(tailnet), List.of(devices), clock.instant());
    }

    private static ControlPlaneSettings settings(String key) {
        return new ControlPlaneSettings(
                Api.TAILSCALE_V2, URI.create(TAILSCALE), "-", new Credentials.ApiKey(key), null, new CallBudget(5, 10));
    }
}
