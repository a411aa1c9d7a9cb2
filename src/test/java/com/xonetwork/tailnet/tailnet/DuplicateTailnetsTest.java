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
import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.tailnet.DuplicateTailnets.Verdict;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestTailnet;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateTailnetsTest {

    private static final String TAILSCALE = "https://api.tailscale.com";
    private static final String OWN = "https://control.example.com";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final SnapshotStore snapshots = new SnapshotStore(clock, 10);
    private final DuplicateTailnets duplicates = new DuplicateTailnets(snapshots);

    @ParameterizedTest
    @CsvSource({
        "https://control.example.com, https://control.example.com/",
        "https://control.example.com, https://CONTROL.example.com:443",
        "http://control.example.com, http://control.example.com:80",
    })
    void oneHeadscaleIsOneTailnet(String one, String other) {
        var older = older("old").headscale(one).build();
        var younger = tailnet("new").headscale(other).build();
        proved(older);

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
        proved(older);

        assertThat(olderOne(younger, older)).hasValue(TailnetKey.of(older));
    }

    @ParameterizedTest
    @CsvSource({
        "https://control.example.com, https://control.example.org",
        "https://control.example.com, https://control.example.com:8443",
        "https://control.example.com, http://control.example.com",
    })
    void otherPlacesAreOtherTailnets(String one, String other) {
        var older = older("old").headscale(one).build();
        proved(older);

        assertThat(judge(tailnet("new").headscale(other).build(), older)).isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void otherNamesAtOneServiceAreOtherTailnets() {
        var older = older("old").tailscale(TAILSCALE, "example.org").build();
        proved(older);

        assertThat(judge(tailnet("new").tailscale(TAILSCALE, "example.com").build(), older))
                .isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void theCredentialsOwnTailnetIsAnotherWithOtherCredentials() {
        var older = older("old").build();
        proved(older, "other key");

        assertThat(duplicates.judge(tailnet("new").build(), settings("key"), Stream.of(older)))
                .isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void theCredentialsOwnTailnetIsTheSameWithTheSameCredentials() {
        var older = older("old").build();
        proved(older, "key");

        assertThat(duplicates.judge(tailnet("new").build(), settings("key"), Stream.of(older)))
                .isEqualTo(new Verdict.Younger(TailnetKey.of(older)));
    }

    @Test
    void twoCredentialsOfOneTailnetAreToldByADevice() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, "a", plain("1"), plain("2"));
        lists(younger, "b", plain("2"));

        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Younger(TailnetKey.of(older)));
    }

    @Test
    void aSharedInDeviceTellsNothing() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, "a", plain("1"));
        lists(younger, "b", device("1", "guest").external().build());

        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Alone(false));
    }

    /** Stopped, it lists nothing any more; going on for that, it would list again, and stop again. */
    @Test
    void whatADeviceToldIsRemembered() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, "a", plain("1"));
        lists(younger, "b", plain("1"));
        judged(younger, "b", older);

        snapshots.unwatched(TailnetKey.of(younger));

        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Younger(TailnetKey.of(older)));
        assertThat(judged(younger, "another", older)).isEqualTo(new Verdict.Alone(false));
        Connections.forget(snapshots, TailnetKey.of(younger));
        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void theOlderOneMovedAway() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, "a", plain("1"));
        lists(younger, "b", plain("1"));
        judged(younger, "b", older);
        snapshots.unwatched(TailnetKey.of(younger));

        lists(older, "key of another tailnet", plain("77"));

        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void theOlderOneMovedToAnotherHost() {
        var older = older("old").headscale(OWN).build();
        var younger = tailnet("new").headscale(OWN).build();
        proved(older);
        assertThat(olderOne(younger, older)).isPresent();

        // Its spec still says the old place: what counts is where it is connected.
        Connections.connect(
                snapshots, TailnetKey.of(older), headscale("https://else.example.com"), new FakeControlPlane());
        snapshots.listed(TailnetKey.of(older), List.of(), clock.instant());

        assertThat(judge(younger, older)).isEqualTo(new Verdict.Alone(false));
    }

    /** Of another namespace, with a Secret that is not there: it names the place, and that is all. */
    @Test
    void whoOnlyNamesThePlaceIsNoOwner() {
        var squatter = older("squat").in("theirs").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        snapshots.unwatched(TailnetKey.of(squatter));

        assertThat(judge(mine, squatter)).isEqualTo(new Verdict.Alone(true));
    }

    @Test
    void whoseCredentialsAreRefusedIsNoOwner() {
        var squatter = older("squat").in("theirs").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        Connections.connect(snapshots, TailnetKey.of(squatter), headscale(OWN), new FakeControlPlane());
        snapshots.listFailed(TailnetKey.of(squatter), Failing.unauthorized());

        assertThat(judge(mine, squatter)).isEqualTo(new Verdict.Alone(true));
    }

    @Test
    void anOwnerLosesItWithItsCredentialsAndNotByAnOutage() {
        var older = older("old").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        proved(older);

        snapshots.listFailed(TailnetKey.of(older), Failing.unavailable());
        assertThat(olderOne(mine, older)).isPresent();

        snapshots.listFailed(TailnetKey.of(older), Failing.unauthorized());
        assertThat(judge(mine, older)).isEqualTo(new Verdict.Alone(true));

        snapshots.listed(TailnetKey.of(older), List.of(), clock.instant());
        assertThat(olderOne(mine, older)).isPresent();
    }

    /** Else both would write until the first answer to the new credentials. */
    @Test
    void whileTheOlderOneTriesOtherCredentialsItKeepsItsTailnetForAWhile() {
        var older = older("old").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        proved(older);
        assertThat(olderOne(mine, older)).isPresent();

        Connections.connect(snapshots, TailnetKey.of(older), headscale(OWN), new FakeControlPlane());
        assertThat(snapshots.view(TailnetKey.of(older)).proven()).isFalse();
        assertThat(olderOne(mine, older)).isPresent();
        clock.advance(DuplicateTailnets.LONGEST_WAIT.minusSeconds(1));
        snapshots.listFailed(TailnetKey.of(older), Failing.unavailable());
        assertThat(olderOne(mine, older)).isPresent();

        snapshots.listed(TailnetKey.of(older), List.of(), clock.instant());
        clock.advance(DuplicateTailnets.LONGEST_WAIT);
        assertThat(olderOne(mine, older)).isPresent();
    }

    /** With "-" at Tailscale another key can be another tailnet's; whether it is shows with the first answer. */
    @Test
    void anOtherKeyOfAnUnknownTailnetIsTriedFirst() {
        var older = older("old").build();
        var younger = tailnet("new").build();
        lists(older, "a", plain("1"));
        lists(younger, "b", plain("1"));
        assertThat(judged(younger, "b", older)).isInstanceOf(Verdict.Younger.class);
        snapshots.unwatched(TailnetKey.of(younger));

        Connections.connect(snapshots, TailnetKey.of(older), settings("c"), new FakeControlPlane());
        assertThat(judged(younger, "b", older)).isInstanceOf(Verdict.Younger.class);

        snapshots.listed(TailnetKey.of(older), List.of(plain("77")), clock.instant());
        assertThat(judged(younger, "b", older)).isEqualTo(new Verdict.Alone(false));
    }

    /** Who proved it once does not hold it with a Secret that is broken, missing, or changed again and again. */
    @Test
    void withoutAProofItEnds() {
        var older = older("old").in("theirs").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        proved(older);
        assertThat(olderOne(mine, older)).isPresent();

        for (var look = 0; look < 11; look++) {
            Connections.connect(snapshots, TailnetKey.of(older), headscale(OWN), new FakeControlPlane());
            clock.advance(Duration.ofSeconds(10));
            assertThat(olderOne(mine, older)).isPresent();
            Connections.disconnect(snapshots, TailnetKey.of(older));
            assertThat(olderOne(mine, older)).isPresent();
        }
        clock.advance(Duration.ofSeconds(10));
        assertThat(judge(mine, older)).isEqualTo(new Verdict.Alone(true));

        proved(older);
        assertThat(olderOne(mine, older)).isPresent();
        Connections.connect(snapshots, TailnetKey.of(older), headscale(OWN), new FakeControlPlane());
        snapshots.listFailed(TailnetKey.of(older), Failing.unauthorized());
        assertThat(judge(mine, older)).isEqualTo(new Verdict.Alone(true));
    }

    @Test
    void whoIsSuspendedOrMovesLetsGoAtOnce() {
        var older = older("old").headscale(OWN);
        var mine = tailnet("home").headscale(OWN).build();
        proved(older.build());
        assertThat(olderOne(mine, older.build())).isPresent();
        Connections.disconnect(snapshots, TailnetKey.of(older.build()));

        assertThat(judge(mine, older.headscale("https://else.example.com").build()))
                .isEqualTo(new Verdict.Alone(false));
        assertThat(judge(mine, older.headscale(OWN).suspended().build())).isEqualTo(new Verdict.Alone(true));
    }

    /** Else both would write for a moment after each start. */
    @Test
    void rightAfterTheStartTheYoungerOneWaitsForTheOlderOnesFirstAnswerButNotForEver() {
        var older = older("old").headscale(OWN).build();
        var mine = tailnet("home").headscale(OWN).build();
        assertThat(judge(mine, older)).isEqualTo(new Verdict.Undecided());
        Connections.connect(snapshots, TailnetKey.of(older), headscale(OWN), new FakeControlPlane());
        assertThat(judge(mine, older)).isEqualTo(new Verdict.Undecided());

        clock.advance(DuplicateTailnets.LONGEST_WAIT);

        assertThat(judge(mine, older)).isEqualTo(new Verdict.Alone(true));
    }

    @Test
    void oneThatIsBeingDeletedIsNoRival() {
        var older = older("old").headscale(OWN).deleting().build();
        proved(older);

        assertThat(judge(tailnet("new").headscale(OWN).build(), older)).isEqualTo(new Verdict.Alone(false));
    }

    @Test
    void theOldestOfSeveralIsNamed() {
        var oldest = older("z").headscale(OWN).build();
        var middle = tailnet("a").created("2025-06-01T00:00:00Z").headscale(OWN).build();
        proved(oldest);
        proved(middle);

        assertThat(olderOne(tailnet("new").headscale(OWN).build(), middle, oldest))
                .hasValue(TailnetKey.of(oldest));
    }

    @Test
    void bornInOneSecondTheyGoByName() {
        var a = tailnet("a").headscale(OWN).build();
        var b = tailnet("b").headscale(OWN).build();
        proved(a);
        proved(b);

        assertThat(olderOne(b, a)).hasValue(TailnetKey.of(a));
        assertThat(olderOne(a, b)).isEmpty();
    }

    private static TestTailnet older(String name) {
        return tailnet(name).created("2025-01-01T00:00:00Z");
    }

    private Optional<TailnetKey> olderOne(Tailnet tailnet, Tailnet... others) {
        return judge(tailnet, others) instanceof Verdict.Younger younger
                ? Optional.of(younger.older())
                : Optional.empty();
    }

    private Verdict judge(Tailnet tailnet, Tailnet... others) {
        return duplicates.judge(tailnet, settingsOf(tailnet), Stream.concat(Stream.of(tailnet), Stream.of(others)));
    }

    private Verdict judged(Tailnet tailnet, String key, Tailnet... others) {
        return duplicates.judge(tailnet, settings(key), Stream.concat(Stream.of(tailnet), Stream.of(others)));
    }

    /** It is connected as its spec says, and its control plane has answered. */
    private void proved(Tailnet tailnet) {
        Connections.connect(snapshots, TailnetKey.of(tailnet), settingsOf(tailnet), new FakeControlPlane());
        snapshots.listed(TailnetKey.of(tailnet), List.of(), clock.instant());
    }

    private void proved(Tailnet tailnet, String key) {
        lists(tailnet, key);
    }

    private void lists(Tailnet tailnet, String key, Device... devices) {
        Connections.connect(snapshots, TailnetKey.of(tailnet), settings(key), new FakeControlPlane());
        snapshots.listed(TailnetKey.of(tailnet), List.of(devices), clock.instant());
    }

    private static ControlPlaneSettings settingsOf(Tailnet tailnet) {
        var spec = tailnet.getSpec();
        return spec.tailscale() != null
                ? settings(spec.tailscale().url(), spec.tailscale().tailnet(), "key")
                : headscale(spec.headscale().url());
    }

    private static ControlPlaneSettings headscale(String url) {
        return new ControlPlaneSettings(
                Api.HEADSCALE_V1, URI.create(url), "-", new Credentials.ApiKey("key"), null, new CallBudget(5, 10));
    }

    private static ControlPlaneSettings settings(String key) {
        return settings(TAILSCALE, "-", key);
    }

    private static ControlPlaneSettings settings(String url, String tailnet, String key) {
        return new ControlPlaneSettings(
                Api.TAILSCALE_V2, URI.create(url), tailnet, new Credentials.ApiKey(key), null, new CallBudget(5, 10));
    }
}
