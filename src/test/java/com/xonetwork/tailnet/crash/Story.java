package com.xonetwork.tailnet.crash;

import static com.xonetwork.tailnet.crash.Seen.assertCondition;
import static com.xonetwork.tailnet.crash.Seen.assertOneRunAtMost;
import static com.xonetwork.tailnet.crash.Seen.assertOneRunAtWork;
import static com.xonetwork.tailnet.crash.Seen.assertReady;
import static com.xonetwork.tailnet.crash.Seen.assertRoutes;
import static com.xonetwork.tailnet.crash.Seen.keyIn;
import static com.xonetwork.tailnet.crash.Seen.liveKeys;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A story, each time told in a tailnet of its own: what is there, what a user does, and what must be true in the end however
 * often it was interrupted. All its resources have the plan's name in theirs.
 */
enum Story {
    /** A tailnet is connected that a node waits for. */
    CONNECT {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            ADOPT.furnish(plan, tailnet);
        }

        @Override
        void prepare(Scene scene, String plan) {
            node(scene, plan, ADOPTED);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            scene.tailnetAt(tailnet.url(), plan, "");
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertReady(scene, Tailnet.class, plan);
            ADOPT.assertTold(scene, plan, tailnet);
        }
    },

    /** A device is renamed, tagged, approved and its key expiry switched off. */
    ADOPT {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db").name("localhost-7").authorized(false));
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            node(scene, plan, ADOPTED);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(tailnet.devices()).singleElement().satisfies(device -> {
                assertThat(device.name()).isEqualTo("db");
                assertThat(device.tags()).containsExactly("tag:db");
                assertThat(device.authorized() && device.keyExpiryDisabled()).isTrue();
            });
            assertReady(scene, TailnetNode.class, plan);
        }
    },

    /** A join key is made and handed over. */
    JOIN_KEY {
        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            node(scene, plan, JOINING);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(liveKeys(tailnet)).as("live keys").hasSize(1);
            assertThat(scene.find(Secret.class, plan + "-join"))
                    .as("the Secret with the live key")
                    .hasValueSatisfying(secret -> assertThat(keyIn(secret))
                            .isEqualTo(liveKeys(tailnet).getFirst()));
            assertCondition(scene, TailnetNode.class, plan, "JoinKeyReady");
        }
    },

    /** A machine joins over SSH: a key is made, and a run takes it there. */
    JOIN_SSH {
        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            node(scene, plan, JOINING_OVER_SSH);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            JOIN_KEY.assertTold(scene, plan, tailnet);
            assertOneRunAtWork(scene, plan);
        }

        @Override
        void assertUnharmed(Scene scene, String plan, TailnetSimulator tailnet) {
            assertOneRunAtMost(scene, plan);
        }
    },

    /** A device goes offline, and a remedy is begun. */
    HEAL {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            // Last in the list: half of it does not show it.
            OTHERS.forEach(name -> tailnet.addDevice(SimDevice.named(name)));
            tailnet.addDevice(SimDevice.named("db"));
        }

        @Override
        void prepare(Scene scene, String plan) {
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: AutomationTemplate
                    metadata: {name: %1$s}
                    spec:
                      engine: ansible
                      source: {builtin: xo.tailnet.ping}
                      ssh: {keySecretRef: {name: ssh, key: id}}
                    ---
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: TailnetNode
                    metadata: {name: %1$s, labels: {plan: %1$s}}
                    spec: {hostname: db, tailnetRef: {name: %1$s}}
                    ---
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: HealPolicy
                    metadata: {name: %1$s}
                    spec:
                      tailnetRef: {name: %1$s}
                      selector: {matchLabels: {plan: %1$s}}
                      unhealthyConditions: [{type: Online, status: "False", duration: 1s}]
                      escalatingRemediations:
                        - {templateRef: {name: %1$s}, timeout: 1h}
                        - {templateRef: {name: %1$s}, timeout: 1h}
                    """.formatted(plan));
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            scene.awaitReady(TailnetNode.class, plan);
            scene.awaitReady(HealPolicy.class, plan);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            tailnet.offline(tailnet.devices().getLast().nodeId());
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertOneRunAtWork(scene, plan);
            assertThat(scene.condition(HealPolicy.class, plan, "NodesHealthy"))
                    .hasValueSatisfying(healthy ->
                            assertThat(healthy.reason()).as(healthy.message()).isEqualTo("Healing"));
        }

        @Override
        void assertUnharmed(Scene scene, String plan, TailnetSimulator tailnet) {
            assertOneRunAtMost(scene, plan);
        }
    },

    /** A subnet is approved, beside one that nobody declared. */
    ADD_ROUTES {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db")
                    .advertisedRoutes("10.0.0.0/8", "192.168.50.0/24")
                    .enabledRoutes("10.0.0.0/8"));
        }

        @Override
        void prepare(Scene scene, String plan) {
            node(scene, plan, PLAIN);
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            scene.awaitReady(TailnetNode.class, plan);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            route(scene, plan, "192.168.50.0/24");
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertRoutes(tailnet, "10.0.0.0/8", "192.168.50.0/24");
            assertReady(scene, SubnetRoute.class, plan);
        }
    },

    /** A declared subnet becomes another. */
    CHANGE_ROUTES {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            tailnet.addDevice(
                    SimDevice.named("db").advertisedRoutes("10.0.0.0/8", "192.168.50.0/24", "192.168.60.0/24"));
        }

        @Override
        void prepare(Scene scene, String plan) {
            node(scene, plan, PLAIN);
            route(scene, plan, "192.168.50.0/24");
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            scene.awaitReady(TailnetNode.class, plan);
            scene.awaitReady(SubnetRoute.class, plan);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            route(scene, plan, "192.168.60.0/24");
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(tailnet.devices())
                    .singleElement()
                    .satisfies(device -> assertThat(device.enabledRoutes()).contains("192.168.60.0/24"));
            assertReady(scene, SubnetRoute.class, plan);
        }
    },

    /** A node goes, and its device with it. */
    DELETE {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db"));
            OTHERS.forEach(name -> tailnet.addDevice(SimDevice.named(name)));
        }

        @Override
        void prepare(Scene scene, String plan) {
            node(scene, plan, "{hostname: db, deletionPolicy: Delete, tailnetRef: {name: %s}}");
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            scene.awaitReady(TailnetNode.class, plan);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            scene.delete(TailnetNode.class, plan);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(scene.find(TailnetNode.class, plan)).isEmpty();
            assertThat(tailnet.devices()).extracting(SimDevice::hostname).containsExactlyInAnyOrderElementsOf(OTHERS);
        }

        @Override
        boolean mayGo(SimDevice device) {
            return device.hostname().equals("db");
        }
    },

    /** A node goes whose machine never came: its join key is revoked. */
    REVOKE_KEY {
        @Override
        void prepare(Scene scene, String plan) {
            node(scene, plan, JOINING);
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            scene.soon().untilAsserted(() -> assertCondition(scene, TailnetNode.class, plan, "JoinKeyReady"));
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            scene.delete(TailnetNode.class, plan);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(scene.find(TailnetNode.class, plan)).isEmpty();
            assertThat(liveKeys(tailnet)).as("live keys").isEmpty();
            assertThat(scene.find(Secret.class, plan + "-join")).isEmpty();
        }
    },

    /** A device that nobody owns is collected, in a tailnet whose devices are imported. */
    COLLECT {
        @Override
        void furnish(String plan, TailnetSimulator tailnet) {
            // Last in the list: half of it does not show it.
            OTHERS.forEach(name -> tailnet.addDevice(SimDevice.named(plan + "-" + name)));
            tailnet.addDevice(SimDevice.named("garbage").tags("tag:db"));
        }

        @Override
        String tailnet() {
            return """
                    deviceImport: Matching
                    garbageCollection: {tags: ["tag:db"], offlineLongerThan: 1h, maxDeletionsPerHour: 20, maxRatio: 50, dryRun: false}
                    """;
        }

        @Override
        void prepare(Scene scene, String plan) {
            scene.nodeClass(plan, "match: {hostnames: [\"%s-*\"]}".formatted(plan));
        }

        @Override
        void awaitPrepared(Scene scene, String plan) {
            OTHERS.forEach(name -> scene.awaitReady(TailnetNode.class, plan + "-" + name));
            scene.awaitReady(Tailnet.class, plan);
        }

        @Override
        void begin(Scene scene, String plan, TailnetSimulator tailnet) {
            tailnet.updateDevice(
                    tailnet.devices().getLast().nodeId(),
                    device -> device.connected(false).lastSeen(Instant.now().minus(Duration.ofDays(1))));
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(tailnet.devices()).extracting(SimDevice::hostname).allMatch(name -> name.startsWith(plan));
            assertUnharmed(scene, plan, tailnet);
            assertReady(scene, Tailnet.class, plan);
        }

        @Override
        void assertUnharmed(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(OTHERS)
                    .allSatisfy(name -> assertThat(scene.find(TailnetNode.class, plan + "-" + name))
                            .isPresent());
        }

        @Override
        boolean mayGo(SimDevice device) {
            return device.hostname().equals("garbage");
        }
    };

    private static final List<String> OTHERS = List.of("a", "b", "c", "d", "e");
    private static final String PLAIN = "{hostname: db, tailnetRef: {name: %s}}";
    private static final String JOINING =
            "{hostname: db, tags: [\"tag:db\"], join: {manual: {}}, tailnetRef: {name: %s}}";
    /** Each with a machine of its own: a run waits for another on the same one. */
    private static final String JOINING_OVER_SSH =
            "{hostname: db, tags: [\"tag:db\"], join: {ssh: {address: %1$s.test, hostKeys: TrustOnFirstUse, keySecretRef: {name:"
                    + " ssh, key: id}}}, tailnetRef: {name: %1$s}}";

    private static final String ADOPTED =
            "{hostname: db, tags: [\"tag:db\"], approved: true, keyExpiry: Disabled, tailnetRef: {name: %s}}";

    /** What the tailnet holds before the operator knows it. */
    void furnish(String plan, TailnetSimulator tailnet) {
        tailnet.addDevice(SimDevice.named("other"));
    }

    /** Further lines of the Tailnet's spec. */
    String tailnet() {
        return "";
    }

    /** What the user wrote before the story. */
    void prepare(Scene scene, String plan) {}

    void awaitPrepared(Scene scene, String plan) {
        scene.awaitReady(Tailnet.class, plan);
    }

    /** What the user does. */
    abstract void begin(Scene scene, String plan, TailnetSimulator tailnet);

    abstract void assertTold(Scene scene, String plan, TailnetSimulator tailnet);

    /** What must never be lost on the way, whatever fails. */
    void assertUnharmed(Scene scene, String plan, TailnetSimulator tailnet) {}

    /** Whether it is part of the story that this device is deleted. */
    boolean mayGo(SimDevice device) {
        return false;
    }

    /** It takes a run. */
    boolean isByRuns() {
        return this == JOIN_SSH || this == HEAL;
    }

    /** A TailnetNode goes, and what it has outside with it. */
    boolean isDeletion() {
        return this == DELETE || this == REVOKE_KEY;
    }

    private static void node(Scene scene, String plan, String spec) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: TailnetNode
                metadata: {name: %s}
                spec: %s
                """.formatted(plan, spec.formatted(plan)));
    }

    private static void route(Scene scene, String plan, String cidr) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: SubnetRoute
                metadata: {name: %1$s}
                spec:
                  tailnetRef: {name: %1$s}
                  cidrs: [%2$s]
                  via: {nodes: [%1$s]}
                """.formatted(plan, cidr));
    }
}
