package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.testing.TestClass;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a {@link NodePlanner} is asked, step by step; and its answer, fact by fact. */
final class Planning {

    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final TestNode node;
    private Tailnet tailnet = tailnet("home").build();
    private TestView view = TestView.of();
    private final List<NodeClass> classes = new ArrayList<>();
    private String claimant;
    private List<String> others = List.of();
    private Instant now = NOW;
    private Set<String> ownedTags;
    private final List<SubnetRoute> routes = new ArrayList<>();
    private final List<ExitNode> exits = new ArrayList<>();
    private final Map<Attempt, String> contested = new HashMap<>();
    private final Map<Attempt, ControlPlaneException> failures = new HashMap<>();

    private boolean logsInAnew;

    private Planning(TestNode node) {
        this.node = node;
    }

    static Planning of(TestNode node) {
        return new Planning(node);
    }

    Planning tailnetIs(Tailnet value) {
        tailnet = value;
        return this;
    }

    Planning on(TestView value) {
        view = value;
        return this;
    }

    Planning on(Device... devices) {
        return on(TestView.of(devices));
    }

    Planning with(TestClass... more) {
        List.of(more).forEach(one -> classes.add(one.build()));
        return this;
    }

    Planning at(Instant value) {
        now = value;
        return this;
    }

    Planning claimedBy(String otherNode) {
        claimant = otherNode;
        return this;
    }

    /** Other TailnetNodes that could mean any device. */
    Planning others(String... names) {
        others = List.of(names);
        return this;
    }

    Planning owned(String... tags) {
        ownedTags = Set.of(tags);
        return this;
    }

    Planning route(SubnetRoute route) {
        routes.add(route);
        return this;
    }

    Planning exit(ExitNode exit) {
        exits.add(exit);
        return this;
    }

    Planning contested(DeviceAction.Field field, String wanted) {
        contested.put(new Attempt(field, wanted), "");
        return this;
    }

    Planning failed(DeviceAction.Field field, String wanted, ControlPlaneException why) {
        failures.put(new Attempt(field, wanted), why);
        return this;
    }

    Planning logsInAnew() {
        logsInAnew = true;
        return this;
    }

    NodeInput input() {
        return new NodeInput(
                node.build(),
                tailnet,
                view.build(),
                List.copyOf(classes),
                device -> Optional.ofNullable(claimant),
                device -> List.copyOf(others),
                ownedTags,
                RouteIntents.of(routes, exits),
                name -> exits.stream()
                        .filter(exit -> exit.getMetadata().getName().equals(name))
                        .findFirst(),
                Map.copyOf(contested),
                new WriteMemory.Held(failures, Optional.empty()),
                logsInAnew,
                now);
    }

    Answer plan() {
        return new Answer(NodePlanner.plan(input()));
    }

    /** A plan, easy to ask. */
    record Answer(NodePlan plan) {
        Fact fact(ConditionType type) {
            return plan.facts().stream()
                    .filter(fact -> fact.type() == type)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no fact " + type + " in " + plan.facts()));
        }

        /** {@code True/InSync}. */
        String said(ConditionType type) {
            return fact(type).status() + "/" + fact(type).reason();
        }

        String message(ConditionType type) {
            return fact(type).message();
        }

        List<DeviceAction> actions() {
            return plan.actions();
        }
    }
}
