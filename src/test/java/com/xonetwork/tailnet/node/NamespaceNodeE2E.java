package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import org.junit.jupiter.api.Test;

/** A namespace takes everything in it along, in an order of its own. Needs a cluster with a namespace controller. */
@RunningOperator
class NamespaceNodeE2E {

    @Test
    void theDeletionOfANamespaceEnds(Scene scene) {
        assumeTrue(scene.cluster().hasControllers(), "skipped: nothing deletes namespaces here");
        scene.simulator().addDevice(SimDevice.named("db").advertisedRoutes("192.168.50.0/24"));
        scene.tailnet("home", "");
        scene.node("db", "hostname: db\ndeletionPolicy: Delete");
        scene.node("joining", "hostname: joining\ntags: [\"tag:db\"]\njoin: {manual: {}}");
        scene.route("lan", "cidrs: [192.168.50.0/24]\nvia: {nodes: [db]}");
        scene.awaitReady(Tailnet.class, "home");
        scene.awaitReady(TailnetNode.class, "db");
        scene.awaitReady(SubnetRoute.class, "lan");

        var namespace = scene.client().getNamespace();
        scene.client().namespaces().withName(namespace).delete();
        // The namespace controller looks again at times of its own.
        scene.soon()
                .untilAsserted(() -> assertThat(
                                scene.client().namespaces().withName(namespace).get())
                        .isNull());
    }
}
