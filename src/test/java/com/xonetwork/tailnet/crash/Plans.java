package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Stories that are told at the same time, each in its own tailnet, so that one crash hits all of them in the middle. */
final class Plans {

    private static final String OWNED = "{\"tagOwners\": {\"tag:db\": [\"autogroup:admin\"]}, \"acls\": []}";

    private final Scene scene;
    private final List<Plan> plans = new ArrayList<>();

    Plans(Scene scene) {
        this.scene = scene;
    }

    /**
     * One telling of one story.
     *
     * @param what is done to it, for messages
     * @param trouble switches the fault on
     * @param fault once it is on
     * @param devices that were there in the beginning
     */
    record Plan(
            String name,
            Story story,
            String what,
            TailnetSimulator tailnet,
            Function<TailnetSimulator, Fault> trouble,
            AtomicReference<Fault> fault,
            List<String> devices) {

        void troubled() {
            fault.set(trouble.apply(tailnet));
        }

        /** A call ran into it. */
        boolean isHit() {
            return fault.get() != null && fault.get().hits() > 0;
        }

        /** Devices that were there in the beginning and are not any more. */
        List<String> lostDevices() {
            return devices.stream().filter(id -> tailnet.device(id).isEmpty()).toList();
        }

        @Override
        public String toString() {
            return story + ", " + what;
        }
    }

    void add(Story story, String what, Function<TailnetSimulator, Fault> trouble) {
        var tailnet = scene.addSimulator();
        tailnet.setPolicyByHand(OWNED);
        story.furnish(tailnet);
        plans.add(new Plan(
                "p" + plans.size(),
                story,
                what,
                tailnet,
                trouble,
                new AtomicReference<>(),
                tailnet.devices().stream().map(SimDevice::nodeId).toList()));
    }

    List<Plan> all() {
        return plans;
    }

    /** Everything up to the moment from which on it goes wrong. */
    void begin() {
        for (var plan : plans) {
            if (!plan.story().beginsWhenReady()) {
                plan.troubled();
            }
            scene.tailnetAt(plan.tailnet().url(), plan.name(), "");
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: TailnetNode
                    metadata: {name: %1$s}
                    spec: %2$s
                    """.formatted(plan.name(), plan.story().node().formatted(plan.name())));
        }
        for (var plan : plans) {
            if (plan.story().beginsWhenReady()) {
                scene.awaitReady(TailnetNode.class, plan.name());
                plan.troubled();
            }
            plan.story().begin(scene, plan.name());
        }
    }

    /** Every story ends as if nothing had happened. */
    int assertTold() {
        for (var plan : plans) {
            scene.soon()
                    .untilAsserted(() -> assertThat(true)
                            .as(plan.story() + ", " + plan.what())
                            .satisfies(unused -> plan.story().assertTold(scene, plan.name(), plan.tailnet())));
            assertThat(plan.tailnet().ledger().writesSince(0))
                    .as("writes of %s, %s", plan.story(), plan.what())
                    .hasSizeLessThanOrEqualTo(plan.story().mostWrites());
        }
        return plans.size();
    }
}
