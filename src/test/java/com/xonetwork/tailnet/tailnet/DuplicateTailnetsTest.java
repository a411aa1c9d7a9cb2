package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
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

    private static final TailnetKey OLD = new TailnetKey("net", "old");
    private static final TailnetKey YOUNG = new TailnetKey("net", "young");
    private static final String SAAS = "https://api.tailscale.com";
    private static final Duration AGES = Duration.ofHours(1);

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 3);
    private final SnapshotPoller poller = new SnapshotPoller(
            settings -> new FakeControlPlane().failing("detectCapabilities", Failing.unavailable()), snapshots, clock);
    private final DuplicateTailnets duplicates = new DuplicateTailnets(poller, snapshots);

    private final TestTailnet old = tailnet("old").created("2026-01-01T00:00:00Z");
    private final TestTailnet young = tailnet("young").created("2026-01-02T00:00:00Z");

    @AfterEach
    void stop() {
        poller.close();
    }

    @ParameterizedTest
    @CsvSource({
        // one named tailnet of the service
        "https://api.tailscale.com, example.com, https://api.tailscale.com/, example.com, true",
        "https://api.tailscale.com, example.com, https://API.Tailscale.com:443, example.com, true",
        "https://api.tailscale.com, example.com, https://api.tailscale.com, other.com, false",
        // anywhere else one host is one tailnet
        "https://own.example.com, -, https://own.example.com, -, true",
        "https://own.example.com, -, https://own.example.com:8443, -, false",
        "https://own.example.com, -, https://other.example.com, -, false",
        // the same words at the service mean the credentials' own tailnet
        "https://api.tailscale.com, -, https://api.tailscale.com, -, false",
    })
    void byPlace(String oneUrl, String oneTailnet, String otherUrl, String otherTailnet, boolean same) {
        old.tailscale(oneUrl, oneTailnet);
        young.tailscale(otherUrl, otherTailnet);

        assertThat(olderThan(young)).isEqualTo(same ? Optional.of(OLD) : Optional.empty());
    }

    @Test
    void headscaleServersAreToldByTheirHost() {
        old.headscale("https://hs.example.com");

        assertThat(olderThan(young.headscale("https://HS.example.com/"))).contains(OLD);
        assertThat(olderThan(young.headscale("https://hs2.example.com"))).isEmpty();
    }

    @Test
    void theOlderOneGoesOn() {
        old.headscale("https://hs");
        young.headscale("https://hs");

        assertThat(olderThan(old)).isEmpty();
        assertThat(olderThan(young)).contains(OLD);
    }

    @Test
    void ofTheSameAgeTheFirstByNamespaceAndName() {
        old.headscale("https://hs");
        var twin = tailnet("older-by-name").headscale("https://hs").created("2026-01-01T00:00:00Z");
        var elsewhere = tailnet("z").in("a").headscale("https://hs").created("2026-01-01T00:00:00Z");

        assertThat(olderThan(twin)).contains(OLD);
        assertThat(duplicates.olderOne(old.build(), settings("k"), all(old, twin, elsewhere)))
                .contains(new TailnetKey("a", "z"));
    }

    @Test
    void oneThatIsBeingDeletedDoesNotCount() {
        old.headscale("https://hs").deleting();

        assertThat(olderThan(young.headscale("https://hs"))).isEmpty();
    }

    @Test
    void theSameCredentialsMeanTheSameTailnet() {
        watch(OLD, settings("k"));

        assertThat(duplicates.olderOne(young.build(), settings("k"), all(old, young)))
                .contains(OLD);
        assertThat(duplicates.olderOne(young.build(), settings("another"), all(old, young)))
                .isEmpty();
    }

    @Test
    void theSameDevicesMeanTheSameTailnetAlsoUnderAnotherName() {
        old.tailscale(SAAS, "example.com");
        snapshots.listed(OLD, List.of(plain("1"), plain("2")), clock.instant());
        snapshots.listed(YOUNG, List.of(plain("2"), plain("1")), clock.instant());

        assertThat(olderThan(young)).contains(OLD);
    }

    /** The younger one is stopped, and with it goes the list that told. */
    @Test
    void whatTheDevicesToldIsRememberedWhileTheSettingsStay() {
        snapshots.listed(OLD, List.of(plain("1")), clock.instant());
        snapshots.listed(YOUNG, List.of(plain("1")), clock.instant());
        assertThat(olderThan(young)).contains(OLD);
        snapshots.unwatched(YOUNG);

        assertThat(olderThan(young)).contains(OLD);
        assertThat(duplicates.olderOne(young.build(), settings("another"), all(old, young)))
                .as("with other credentials it may be another")
                .isEmpty();
        duplicates.forget(YOUNG);
        assertThat(olderThan(young)).isEmpty();
    }

    @Test
    void otherDevicesOrNoneMeanNothing() {
        assertThat(olderThan(young)).isEmpty();
        snapshots.listed(OLD, List.of(plain("1")), clock.instant());
        snapshots.listed(YOUNG, List.of(plain("2")), clock.instant());

        assertThat(olderThan(young)).isEmpty();
    }

    private Optional<TailnetKey> olderThan(TestTailnet one) {
        var others = one == old ? Stream.of(old, young) : Stream.of(old, one);
        return duplicates.olderOne(one.build(), settings("k"), others.map(TestTailnet::build));
    }

    private static Stream<Tailnet> all(TestTailnet... tailnets) {
        return Stream.of(tailnets).map(TestTailnet::build);
    }

    private void watch(TailnetKey key, ControlPlaneSettings settings) {
        poller.watch(key, settings, new SnapshotPoller.Plan(AGES, AGES, null, null));
    }

    private static ControlPlaneSettings settings(String apiKey) {
        return new ControlPlaneSettings(
                ControlPlaneSettings.Api.TAILSCALE_V2,
                URI.create(SAAS),
                "-",
                new Credentials.ApiKey(apiKey),
                null,
                new CallBudget(5, 10));
    }
}
