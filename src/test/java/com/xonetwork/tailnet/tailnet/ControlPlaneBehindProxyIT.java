package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.FrontProxy;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A proxy answers in place of the control plane, or of a part of it, for a while. What it says proves nothing, and when the service
 * is there again everything is known and done, without a restart. Runs alone: it starts the operator anew.
 */
@RunningOperator
@Alone
class ControlPlaneBehindProxyIT {

    private static final String SPEC = "deviceImport: All\npolicy: {driftCheckInterval: 1s, onForeignPolicy: Replace}";
    private static final String POLICY = """
            fragment:
              tagOwners: {"tag:web": ["autogroup:admin"], "%s": ["autogroup:admin"]}
              acls: []
            """;
    /** The simulator streams no logs. */
    private static final List<String> ALL = EnumSet.complementOf(EnumSet.of(Capability.LOG_STREAMING)).stream()
            .map(Enum::name)
            .sorted()
            .toList();

    /** What the proxy says, of which paths. */
    private enum Trouble {
        NO_PAGE_AT_ALL(path -> true, 404, "text/plain; charset=utf-8", "404 page not found\n"),
        A_WEB_PAGE_FOR_ALL(path -> true, 200, "text/html", "<!DOCTYPE html><html><body>Welcome!</body></html>"),
        A_WORD_FOR_ALL(path -> true, 200, "text/plain", "ok\n"),
        A_REFUSAL_FOR_ALL(path -> true, 403, "text/plain", "RBAC: access denied"),
        NO_SETTINGS_AND_NO_CHECK(
                FrontProxy.endingIn("/settings", "/acl/validate"), 404, "text/plain", "404 page not found\n"),
        NO_CHECK(FrontProxy.endingIn("/acl/validate"), 404, "text/plain", "404 page not found\n");

        private final Predicate<String> paths;
        private final int status;
        private final String contentType;
        private final String body;

        Trouble(Predicate<String> paths, int status, String contentType, String body) {
            this.paths = paths;
            this.status = status;
            this.contentType = contentType;
            this.body = body;
        }

        boolean isForAll() {
            return paths.test("/any");
        }
    }

    /** A tenant with a tailnet of its own: two devices that are in, and one that waits for approval. */
    private record World(Trouble trouble, Scene scene, TailnetSimulator tailnet, FrontProxy proxy) {

        static World of(Trouble trouble, Scene scene) {
            var tailnet = scene.simulator();
            tailnet.setDeviceApproval(true);
            tailnet.setPolicyByHand("{\"tagOwners\": {\"tag:web\": [\"autogroup:admin\"]}, \"acls\": []}");
            tailnet.addDevice(SimDevice.named("web-1").keyExpiryDisabled(true));
            tailnet.addDevice(SimDevice.named("db-1"));
            tailnet.addDevice(SimDevice.named("new-1").authorized(false));
            return new World(trouble, scene, tailnet, FrontProxy.before(URI.create(tailnet.url())));
        }

        void makeTailnet() {
            scene.tailnetAt(proxy.url().toString(), "home", SPEC);
        }

        void wish(String tag) {
            scene.node("web-1", "hostname: web-1\ntags: [\"tag:web\"]\nkeyExpiry: Enabled");
            scene.policy("base", POLICY.formatted(tag));
        }

        void begin() {
            proxy.answers(trouble.paths, trouble.status, trouble.contentType, trouble.body);
        }

        String said(Class<? extends HasMetadata> kind, String name, String type) {
            return scene.condition(kind, name, type)
                    .map(condition -> condition.status() + " " + condition.reason() + ": " + condition.message())
                    .orElse("nothing");
        }

        void assertSaid(String type, String start) {
            scene.soon()
                    .untilAsserted(() -> assertThat(said(Tailnet.class, "home", type))
                            .as("%s: %s", trouble, type)
                            .startsWith(start));
        }

        void assertKnown() {
            assertThat(Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus())
                            .capabilities())
                    .as(trouble.name())
                    .containsExactlyElementsOf(ALL);
        }

        List<String> nodes() {
            return scene.list(TailnetNode.class).stream()
                    .map(node -> node.getMetadata().getName())
                    .toList();
        }

        /** Nothing was written and nobody reads as approved. */
        void assertUntouched(int mark, String tag) {
            assertThat(proxy.answeredItself()).as(trouble.name()).isPositive();
            assertThat(tailnet.ledger().writesSince(mark)).as(trouble.name()).isEmpty();
            assertThat(tailnet.devices()).as(trouble.name()).hasSize(3);
            assertThat(tailnet.policyText()).as(trouble.name()).doesNotContain(tag);
            assertNotApproved();
        }

        void assertNotApproved() {
            assertThat(said(TailnetNode.class, "new-1", "Approved"))
                    .as(trouble.name())
                    .doesNotStartWith("True");
        }

        void assertAllIsDone(String tag) {
            scene.awaitReady(Tailnet.class, "home");
            scene.awaitReady(TailnetNode.class, "web-1");
            scene.awaitReady(TailnetNode.class, "db-1");
            scene.awaitReady(AclPolicy.class, "base");
            scene.awaitCondition(TailnetNode.class, "new-1", "Approved", "False", "WaitingForApproval");
            scene.soon().untilAsserted(() -> assertThat(tailnet.policyText()).contains(tag));
            scene.soon().untilAsserted(this::assertKnown);
            assertThat(tailnet.devices())
                    .filteredOn(device -> device.hostname().equals("web-1"))
                    .singleElement()
                    .satisfies(device -> {
                        assertThat(device.tags()).containsExactly("tag:web");
                        assertThat(device.keyExpiryDisabled()).isFalse();
                    });
            assertThat(tailnet.devices()).hasSize(3);
            assertThat(nodes()).containsExactlyInAnyOrder("web-1", "db-1", "new-1");
            assertThat(scene.list(TailnetNode.class))
                    .allSatisfy(node -> assertThat(scene.conditions(node))
                            .extracting(Condition::reason)
                            .doesNotContain("NotSupportedByControlPlane"));
        }
    }

    private static void inWorlds(Scene scene, Consumer<List<World>> test) {
        var worlds = new ArrayList<World>();
        try {
            for (var trouble : Trouble.values()) {
                worlds.add(World.of(trouble, scene.neighbour()));
            }
            test.accept(worlds);
        } finally {
            worlds.forEach(world -> {
                world.scene().close();
                world.proxy().close();
            });
        }
    }

    /** Another Tailnet is the clock for "so long it lasts". */
    private static void letItLast(Scene scene, List<World> worlds) {
        for (int i = 0; i < 8; i++) {
            scene.letPollsGoBy(1);
            worlds.forEach(World::assertNotApproved);
        }
    }

    @Test
    void fromTheStartOn(Scene scene) {
        inWorlds(scene, worlds -> {
            scene.tailnet("clock", "");
            scene.operator().kill();
            for (var world : worlds) {
                world.begin();
                world.makeTailnet();
                world.wish("tag:first");
            }
            scene.operator().start();
            // What is said of some paths only is believed in the end: it may be all that the control plane has.
            var dark =
                    worlds.stream().filter(world -> world.trouble().isForAll()).toList();
            dark.forEach(world -> world.assertSaid("Reachable", "False ControlPlaneUnavailable: "));
            letItLast(scene, worlds);
            for (var world : dark) {
                world.assertUntouched(0, "tag:first");
                world.assertSaid("Ready", "Unknown ControlPlaneUnavailable: ");
                assertThat(Objects.requireNonNull(
                                        world.scene().get(Tailnet.class, "home").getStatus())
                                .capabilities())
                        .as(world.trouble().name())
                        .isEmpty();
            }

            worlds.forEach(world -> world.proxy().passesAll());
            worlds.forEach(world -> world.assertAllIsDone("tag:first"));
        });
    }

    @Test
    void inTheMiddleOfGoodTimes(Scene scene) {
        inWorlds(scene, worlds -> {
            scene.tailnet("clock", "");
            for (var world : worlds) {
                world.makeTailnet();
                world.scene().awaitReady(Tailnet.class, "home");
                world.scene().awaitReady(TailnetNode.class, "web-1");
                world.scene().awaitCondition(TailnetNode.class, "new-1", "Approved", "False", "WaitingForApproval");
                world.assertKnown();
            }
            var marks = worlds.stream()
                    .map(world -> world.tailnet().ledger().mark())
                    .toList();
            worlds.forEach(World::begin);
            for (var world : worlds) {
                if (world.trouble().isForAll()) {
                    world.assertSaid("Reachable", "False ControlPlaneUnavailable: ");
                    world.wish("tag:second");
                } else {
                    world.scene().policy("base", POLICY.formatted("tag:second"));
                    world.assertSaid("PolicyInSync", "False ControlPlaneUnavailable: ");
                }
            }
            letItLast(scene, worlds);
            for (int i = 0; i < worlds.size(); i++) {
                var world = worlds.get(i);
                world.assertUntouched(marks.get(i), "tag:second");
                world.assertKnown();
                assertThat(world.nodes()).containsExactlyInAnyOrder("web-1", "db-1", "new-1");
            }

            worlds.forEach(world -> world.proxy().passesAll());
            worlds.forEach(world -> world.wish("tag:second"));
            worlds.forEach(world -> world.assertAllIsDone("tag:second"));
        });
    }
}
