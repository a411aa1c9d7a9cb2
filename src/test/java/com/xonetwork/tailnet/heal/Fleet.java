package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealMode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.UnhealthyCondition;
import com.xonetwork.tailnet.api.v1alpha1.LabelSelector;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealInput.Quiet;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestRun;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes, a HealPolicy and a clock, to plan again and again as time goes by: each run that is begun ends as the test says. */
final class Fleet {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    Instant now = START;
    HealMode mode = HealMode.ENFORCE;
    String maxUnhealthy;
    String minHealthy;
    int maxInFlight = 1;
    int maxRetry;

    @Nullable
    Quorum quorum;

    List<Remediation> ladder = List.of();
    List<String> pauses = List.of();
    Optional<Standing> inTheWay = Optional.empty();
    Mode tailnetMode = Mode.ENFORCE;
    final List<TailnetNode> nodes = new ArrayList<>();
    final List<HealPolicy> others = new ArrayList<>();
    final List<SubnetRoute> routes = new ArrayList<>();
    final List<AutomationRun> runs = new ArrayList<>();
    Map<String, Quiet> quiet = Map.of();

    Fleet healthy(String... names) {
        for (var name : names) {
            put(name, "True", START.minus(Duration.ofDays(1)));
        }
        return this;
    }

    Fleet down(String... names) {
        for (var name : names) {
            put(name, "False", now);
        }
        return this;
    }

    Fleet up(String... names) {
        for (var name : names) {
            put(name, "True", now);
        }
        return this;
    }

    private void put(String name, String online, Instant since) {
        nodes.removeIf(node -> node.getMetadata().getName().equals(name));
        var node = TestNode.node(name)
                .tags("tag:web")
                .ssh("10.0.0." + (nodes.size() + 1))
                .label("site", "x")
                .build();
        node.getMetadata().setLabels(Map.of("site", "x", "topology.tailnet.xo-network.com/site", siteOf(name)));
        node.setStatus(TestStatus.of(START.minus(Duration.ofDays(2)), online, since));
        nodes.add(node);
    }

    /** {@code berlin-1} is in berlin; without a dash each is a site of its own. */
    private static String siteOf(String name) {
        return name.contains("-") ? name.substring(0, name.indexOf('-')) : name;
    }

    Fleet later(String duration) {
        now = now.plus(Duration.parse("PT" + duration.toUpperCase(Locale.ROOT)));
        return this;
    }

    HealPolicy policy() {
        return policy("web", "2026-01-01T00:00:00Z");
    }

    HealPolicy policy(String name, String created) {
        var policy = new HealPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("net")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp(created)
                .build());
        policy.setSpec(new HealPolicySpec(
                new LocalRef("home"),
                new LabelSelector(Map.of("site", "x"), List.of()),
                mode,
                List.of(new UnhealthyCondition("Online", "False", "1m")),
                null,
                maxUnhealthy,
                minHealthy,
                maxInFlight,
                ladder,
                "30s",
                maxRetry,
                null,
                quorum,
                "1h",
                "2m",
                "5m",
                null,
                pauses));
        return policy;
    }

    HealPlan plan() {
        var plan = HealPlanner.plan(new HealInput(
                policy(), false, inTheWay, tailnetMode, nodes, others, runs.reversed(), routes, quiet, now));
        quiet = plan.quiet();
        return plan;
    }

    /** Plans, and begins what is to be begun. */
    HealPlan act() {
        var plan = plan();
        plan.start().forEach(this::begin);
        return plan;
    }

    private void begin(Remedy remedy) {
        var run = HealEffects.run(policy(), remedy, remedy.node(), Optional.empty());
        run.getMetadata().setCreationTimestamp(now.toString());
        assertThat(runs)
                .as("a name of its own, or the API server would not make it")
                .noneMatch(other ->
                        other.getMetadata().getName().equals(run.getMetadata().getName()));
        runs.add(run);
    }

    /** The last run ends now. */
    Fleet ends(RunPhase phase) {
        var run = runs.getLast();
        TestRun.comesTo(phase, run, now);
        return this;
    }

    List<Integer> rungs() {
        return runs.stream().map(Ladder::rung).toList();
    }
}
