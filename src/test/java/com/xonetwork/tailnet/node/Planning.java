package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.node.NodeInput.Remembered;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.testing.TestClass;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

    private final Map<DeviceAction.Field, String> asWanted = new HashMap<>();
    private final Set<DeviceAction.Field> news = new HashSet<>();
    private String deviceBefore;
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

    /** Likewise, and nobody gave it up before. */
    Planning fightsOver(DeviceAction.Field field, String wanted) {
        news.add(field);
        return contested(field, wanted);
    }

    Planning wasAsWanted(DeviceAction.Field field, String wanted) {
        asWanted.put(field, wanted);
        return this;
    }

    /** The device that it was at the last look. */
    Planning stoodFor(String deviceId) {
        deviceBefore = deviceId;
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
                neighbours(node.build()),
                ownedTags,
                RouteIntents.of(routes, exits),
                exits,
                new Remembered(
                        new DriftMemory.Known(asWanted, contested, news),
                        new WriteMemory.Held(failures, Optional.empty()),
                        deviceBefore,
                        null,
                        null,
                        null),
                new NodeInput.Machine(List.of(), false, logsInAnew),
                new BootstrapPlace("https://xo.example.com", List.of(), Optional.empty()),
                Duration.ZERO,
                now,
                now);
    }

    private Neighbours neighbours(TailnetNode own) {
        var nodes = new ArrayList<TailnetNode>();
        var devices = view.build().usableDevices();
        if (claimant != null) {
            var device = NodeIndex.candidates(own, devices.orElseThrow()).getFirst();
            nodes.add(
                    TestNode.node(claimant).hostname(null).deviceId(device.id()).build());
        }
        if (own.getStatus() != null) {
            var former = own.getStatus().formerDeviceId();
            others.forEach(name -> nodes.add(
                    TestNode.node(name).hostname(null).deviceId(former).build()));
        }
        return new Neighbours(nodes);
    }

    Answer plan() {
        return new Answer(NodePlanner.plan(input()).devices());
    }

    /** What comes of it when nothing is to be done. */
    NodeOutcome outcome() {
        var plan = NodePlanner.plan(input());
        var key = plan.key(plan.devices()).said(new JoinOutcome.Done());
        return new NodeOutcome(plan.devices(), key, Optional.empty());
    }

    /** A plan, easy to ask. */
    record Answer(DevicePlan plan) {
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
