package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleAdapter;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Two simulated tailnets, alike down to the ids: one for the official client, one for ours. What the two clients do may then
 * be compared by what they are told, by what they leave behind, and by the calls that they made.
 */
final class TwoTailnets implements AutoCloseable {

    static final String POLICY = """
            // Who may have which tag.
            {
              "tagOwners": {"tag:web": [], "tag:db": [], "tag:op": []},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
            }
            """;
    private static final String API_KEY = "tskey-api-both";
    private static final ConnectionRules ONE_ATTEMPT = new ConnectionRules(
            Duration.ofSeconds(5), Duration.ofSeconds(20), 16 << 20, 1, Duration.ZERO, Set.of("127.0.0.1"));

    /** Real, as the official client has no other clock; standing, so that both tailnets have the same times. */
    final ManualClock clock = new ManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));

    private final TailnetSimulator theirs = new TailnetSimulator(Profile.SAAS, clock).start();
    private final TailnetSimulator ours = new TailnetSimulator(Profile.SAAS, clock).start();
    private final Vertx vertx = Vertx.vertx();
    private final List<ControlPlane> planes = new ArrayList<>();

    TwoTailnets() {
        inBoth(TwoTailnets::furnish);
    }

    /** Devices of every kind that the API tells apart. */
    private static void furnish(TailnetSimulator tailnet) {
        tailnet.addApiKey(API_KEY, "all");
        tailnet.setPolicyByHand(POLICY);
        tailnet.addDevice(SimDevice.named("laptop").os("macOS").updateAvailable(true));
        tailnet.addDevice(SimDevice.named("web").tags("tag:web").keyExpiryDisabled(true));
        tailnet.addDevice(SimDevice.named("web").tags("tag:web", "tag:db"));
        var router = tailnet.addDevice(SimDevice.named("router").enabledRoutes("10.0.0.0/8"));
        tailnet.advertise(router.nodeId(), "10.0.0.0/8", "192.168.0.0/24", "::/0", "0.0.0.0/0");
        tailnet.offline(router.nodeId());
        tailnet.addDevice(SimDevice.named("waiting").authorized(false));
        tailnet.expire(tailnet.addDevice(SimDevice.named("expired")).nodeId());
        tailnet.addDevice(SimDevice.named("runner").ephemeral(true).sshEnabled(true));
        tailnet.addDevice(SimDevice.named("theirs").external(true).user("bob@other.example"));
    }

    void inBoth(Consumer<TailnetSimulator> change) {
        change.accept(theirs);
        change.accept(ours);
    }

    /** The tailnet of the official client. */
    TailnetSimulator theirs() {
        return theirs;
    }

    /** The tailnet of our client. */
    TailnetSimulator ours() {
        return ours;
    }

    OfficialClient official() {
        return official(Map.of("TS_API_KEY", API_KEY));
    }

    OfficialClient official(Map<String, String> credentials) {
        return new OfficialClient(theirs.url(), credentials);
    }

    ControlPlane adapter() {
        return adapter(new Credentials.ApiKey(API_KEY));
    }

    /** Our client, which has looked what the service can do. Gives up at the first failure: nothing is to be hidden. */
    ControlPlane adapter(Credentials credentials) {
        var settings = new ControlPlaneSettings(
                ControlPlaneSettings.Api.TAILSCALE_V2,
                URI.create(ours.url()),
                "-",
                credentials,
                null,
                new CallBudget(1000, 1000));
        var plane = new TailscaleAdapter(new HttpCore(vertx, ONE_ATTEMPT, clock, CallObserver.NONE), settings, clock);
        planes.add(plane);
        plane.detectCapabilities();
        return plane;
    }

    /** Both tailnets are the same after what was done to them. */
    void assertAlike() {
        assertThat(ours.devices()).isEqualTo(theirs.devices());
        assertThat(ours.keys()).isEqualTo(theirs.keys());
        assertThat(ours.policyText()).isEqualTo(theirs.policyText());
    }

    /** Method and path of the calls after the mark that meant to change something. */
    static List<String> writes(TailnetSimulator tailnet, int mark) {
        return tailnet.ledger().writesSince(mark).stream()
                .map(call -> call.method() + " " + call.path() + " " + call.status())
                .toList();
    }

    @Override
    public void close() {
        planes.forEach(ControlPlane::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        theirs.close();
        ours.close();
    }
}
