package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.List;

/**
 * One of the four main stories, each told in a tailnet of its own: what is there, what a user does, and what must be true in
 * the end however often it was interrupted.
 */
enum Story {
    /** A device is renamed, tagged, approved and its key expiry switched off. */
    ADOPT(List.of("setDeviceName", "setDeviceTags", "authorizeDevice", "updateDeviceKey"), 4) {
        @Override
        void furnish(TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db").name("localhost-7").authorized(false));
        }

        @Override
        String node() {
            return "{hostname: db, tags: [\"tag:db\"], approved: true, keyExpiry: Disabled, tailnetRef: {name: %s}}";
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            var device = tailnet.devices().getFirst();
            assertThat(device.name()).isEqualTo("db");
            assertThat(device.tags()).containsExactly("tag:db");
            assertThat(device.authorized() && device.keyExpiryDisabled()).isTrue();
        }
    },

    /** A subnet is approved. */
    ROUTES(List.of("setDeviceRoutes"), 1) {
        @Override
        void furnish(TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db").enabledRoutes("10.0.0.0/8"));
        }

        @Override
        String node() {
            return "{hostname: db, tailnetRef: {name: %s}}";
        }

        @Override
        void begin(Scene scene, String plan) {
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: SubnetRoute
                    metadata: {name: %1$s}
                    spec:
                      tailnetRef: {name: %1$s}
                      cidrs: [192.168.50.0/24]
                      via: {nodes: [%1$s]}
                    """.formatted(plan));
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(tailnet.devices().getFirst().enabledRoutes())
                    .containsExactlyInAnyOrder("10.0.0.0/8", "192.168.50.0/24");
        }
    },

    /** A node goes, and its device with it. */
    DELETE(List.of("deleteDevice"), 1) {
        @Override
        void furnish(TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("db"));
            // Or the tailnet would be empty after it, which is believed only when it repeats.
            List.of("a", "b", "c").forEach(name -> tailnet.addDevice(SimDevice.named(name)));
        }

        @Override
        String node() {
            return "{hostname: db, deletionPolicy: Delete, tailnetRef: {name: %s}}";
        }

        @Override
        void begin(Scene scene, String plan) {
            scene.delete(TailnetNode.class, plan);
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(scene.find(TailnetNode.class, plan)).isEmpty();
            assertThat(tailnet.devices()).extracting(SimDevice::hostname).containsExactlyInAnyOrder("a", "b", "c");
        }

        @Override
        boolean beginsWhenReady() {
            return true;
        }
    },

    /**
     * A join key is made and handed over. One whose making was interrupted is revoked, as nobody has its secret any more, and
     * another is made: two writes more.
     */
    JOIN_KEY(List.of("createKey"), 3) {
        @Override
        void furnish(TailnetSimulator tailnet) {
            tailnet.addDevice(SimDevice.named("other"));
        }

        @Override
        String node() {
            return "{hostname: db, tags: [\"tag:db\"], join: {manual: {}}, tailnetRef: {name: %s}}";
        }

        @Override
        void assertTold(Scene scene, String plan, TailnetSimulator tailnet) {
            assertThat(liveKeys(tailnet)).as("live keys").isEqualTo(1);
            assertThat(scene.find(Secret.class, plan + "-join"))
                    .as("the Secret with it")
                    .isPresent();
            assertThat(scene.condition(TailnetNode.class, plan, "JoinKeyReady")
                            .orElseThrow()
                            .status())
                    .isEqualTo("True");
        }
    };

    private final List<String> writes;
    private final int most;

    /** @param most writes of one telling, but for the one more that an interruption may cost */
    Story(List<String> writes, int most) {
        this.writes = writes;
        this.most = most;
    }

    /** Every write to the control plane, in any order. */
    List<String> writes() {
        return writes;
    }

    int mostWrites() {
        return most + 1;
    }

    abstract void furnish(TailnetSimulator tailnet);

    /** The TailnetNode's spec, with a place for its Tailnet's name. */
    abstract String node();

    /** What the user does once all resources are there. */
    void begin(Scene scene, String plan) {}

    /** Whether it begins in a world that works: what comes before is not part of it. */
    boolean beginsWhenReady() {
        return false;
    }

    abstract void assertTold(Scene scene, String plan, TailnetSimulator tailnet);

    static long liveKeys(TailnetSimulator tailnet) {
        return tailnet.keys().stream()
                .filter(key -> key.type().equals("auth") && !key.invalid(Instant.now()))
                .count();
    }
}
