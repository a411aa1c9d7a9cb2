package com.xonetwork.tailnet.exitnode;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestExit.exit;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.Candidate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.OnNoneHealthy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus.Active;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.route.Routers;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.testing.NodeCache;
import com.xonetwork.tailnet.testing.TestExit;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExitNodePlannerTest {

    private static final String[] EXIT = {"0.0.0.0/0", "::/0"};
    private static final NodeCache NODES = NodeCache.of(node("paris"), node("oslo"));

    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private TestExit exit = exit("out").candidate("oslo", 10).candidate("paris", 100);
    private Election.State state = Election.State.NONE;

    @Test
    void theHealthyCandidateOfHighestPriorityIsPublishedWithItsAddress() {
        var plan = plan(healthy("1", "paris"), healthy("2", "oslo"));

        assertThat(plan.active()).isEqualTo(new Active("paris", "1", "100.64.0.1", "2026-11-24T10:00:00Z"));
        assertThat(said(plan))
                .containsExactly(
                        "Accepted=True/Accepted",
                        "Advertised=True/Advertised",
                        "Approved=True/Approved",
                        "Serving=True/Serving");
        assertThat(plan.candidates()).extracting("node").containsExactly("paris", "oslo");
    }

    @Test
    void aCandidateThatDoesNotOfferItselfNamesTheLineToRun() {
        var plan = plan(device("1", "paris").approvedFor(EXIT).build(), healthy("2", "oslo"));
        assertThat(plan.active().node()).isEqualTo("oslo");
        assertThat(plan.candidates().getFirst().message())
                .isEqualTo(
                        "paris does not offer itself as an exit node; run on it: tailscale set --advertise-exit-node");
        assertThat(said(plan)).contains("Advertised=False/NotAdvertised", "Serving=True/Degraded");
    }

    @Test
    void oneFamilyAloneIsNotApproved() {
        var plan = plan(
                device("1", "paris").advertises(EXIT).approvedFor("0.0.0.0/0").build());
        assertThat(said(plan)).contains("Serving=False/NoHealthyCandidate");
        assertThat(plan.candidates().getFirst().message()).startsWith("paris is not approved as an exit node");
        assertThat(plan.active()).isNull();
    }

    @Test
    void anExpiredOneIsNotHealthyThoughItShowsConnected() {
        var plan = plan(
                device("1", "paris").routes(EXIT).expires(now.minusSeconds(1)).build(), healthy("2", "oslo"));
        assertThat(plan.active().node()).isEqualTo("oslo");
    }

    @Test
    void withNothingHealthyTheLastChoiceStandsAndSaysWhatThatMeans() {
        plan(healthy("1", "paris"), healthy("2", "oslo"));
        now = now.plusSeconds(120);
        var plan = plan(offline("1", "paris"), offline("2", "oslo"));
        assertThat(plan.active().node()).isEqualTo("paris");
        assertThat(said(plan)).contains("Serving=False/NoHealthyCandidate");
        assertThat(message(plan, ConditionType.SERVING))
                .startsWith(
                        "no candidate is healthy; paris stays the exit node, so traffic through it is cut: paris is not"
                                + " connected");
    }

    @Test
    void withNothingHealthyTheChoiceIsTakenBackWhereThatIsWanted() {
        exit = exit("out").candidate("paris", 0).onNoneHealthy(OnNoneHealthy.CLEAR);
        plan(healthy("1", "paris"));
        now = now.plusSeconds(120);
        assertThat(plan(offline("1", "paris")).active()).isNull();
    }

    @Test
    void aChoiceThatIsTooYoungToChangeSaysWhatItWaitsFor() {
        plan(healthy("1", "paris"), healthy("2", "oslo"));
        now = now.plusSeconds(10);
        var plan = plan(offline("1", "paris"), healthy("2", "oslo"));
        assertThat(said(plan)).contains("Serving=False/Dwelling");
        assertThat(message(plan, ConditionType.SERVING))
                .isEqualTo(
                        "paris is not connected to the control plane; oslo takes over when paris has been the exit node for"
                                + " minDwell (60s)");
        assertThat(plan.lookAgain()).contains(Duration.ofSeconds(50).plusMillis(1));
    }

    @Test
    void theUnknownChangesNothingAndIsCalledUnknown() {
        plan(healthy("1", "paris"));
        now = now.plusSeconds(600);
        var plan = planOn(TestView.of().freshness(Freshness.STALE));
        assertThat(plan.active().node()).isEqualTo("paris");
        assertThat(said(plan)).contains("Serving=Unknown/SnapshotStale");
        assertThat(plan.candidates().getFirst().healthy()).isEqualTo("Unknown");
    }

    @Test
    void whatWasPublishedOfADeviceStandsWhileItIsGone() {
        exit.status(new ExitNodeStatus(
                1L, List.of(), new Active("paris", "1", "100.64.0.1", "2026-11-24T09:00:00Z"), List.of()));
        state = new Election.State("paris", Instant.parse("2026-11-24T09:00:00Z"), Map.of());
        assertThat(plan().active()).isEqualTo(new Active("paris", "1", "100.64.0.1", "2026-11-24T09:00:00Z"));
    }

    @Test
    void aChangedChoiceIsToldOnce() {
        state = Election.State.NONE;
        assertThat(plan(healthy("1", "paris")).change()).contains("The exit node is now paris. Before: none.");
        assertThat(plan(healthy("1", "paris")).change()).isEmpty();
    }

    private static Device healthy(String id, String name) {
        return device(id, name).routes(EXIT).build();
    }

    private static Device offline(String id, String name) {
        return device(id, name).routes(EXIT).offline().build();
    }

    private ExitNodePlan plan(Device... devices) {
        return planOn(TestView.of(devices));
    }

    private ExitNodePlan planOn(TestView view) {
        var built = exit.build();
        var routers = new Routers(
                NODES,
                new TailnetKey("net", "home"),
                view.build(),
                RouteIntents.of(List.of(), List.of(built)),
                id -> false);
        var plan = ExitNodePlanner.plan(new ExitNodeInput(
                built,
                tailnet("home").build(),
                view.build(),
                built.getSpec().candidates().stream()
                        .map(Candidate::node)
                        .map(routers::named)
                        .toList(),
                state,
                now));
        state = plan.election();
        return plan;
    }

    private static List<String> said(ExitNodePlan plan) {
        return plan.facts().stream()
                .map(fact -> fact.type() + "=" + fact.status() + "/" + fact.reason())
                .toList();
    }

    private static String message(ExitNodePlan plan, ConditionType type) {
        return plan.facts().stream()
                .filter(fact -> fact.type() == type)
                .findFirst()
                .orElseThrow()
                .message();
    }
}
