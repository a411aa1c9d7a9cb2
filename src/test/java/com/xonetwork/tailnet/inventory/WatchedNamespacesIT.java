package com.xonetwork.tailnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An operator that watches two namespaces by their names. Runs alone, because it starts the operator anew. */
@RunningOperator
@Alone
class WatchedNamespacesIT {

    /** A namespace and a control plane of its own. */
    private static Scene elsewhere;

    @BeforeAll
    static void anotherNamespace(Scene scene) {
        elsewhere = scene;
    }

    @AfterEach
    void asItWas(Scene scene) {
        scene.operator().kill();
        scene.operator().start();
    }

    /** Each namespace is listed by itself, and what is in the other is not gone for that. */
    @Test
    void whatIsThereBeforeTheStartIsManagedInEach(Scene here) {
        var both = List.of(here, elsewhere);
        both.forEach(scene -> {
            scene.simulator().addDevice(SimDevice.named("web-1"));
            scene.nodeClass("web", "match: {hostnames: [\"web-*\"]}\ntags: []");
            scene.node("web", "hostname: web-1");
        });
        here.operator().kill();
        here.operator()
                .start(Map.of(
                        "QUARKUS_OPERATOR_SDK_NAMESPACES",
                        here.cluster().namespace() + "," + elsewhere.cluster().namespace()));

        // Nothing of a node itself changes, so that it is found only by who has kept it.
        both.forEach(scene -> scene.tailnet("home", ""));
        both.forEach(scene -> {
            scene.awaitReady(TailnetNode.class, "web");
            awaitCount(scene, 1);
        });

        here.delete(TailnetNode.class, "web");
        awaitCount(here, 0);
        awaitCount(elsewhere, 1);
    }

    private static void awaitCount(Scene scene, int nodes) {
        scene.soon()
                .untilAsserted(
                        () -> assertThat(scene.get(NodeClass.class, "web").getStatus())
                                .isNotNull()
                                .extracting("nodes")
                                .isEqualTo(nodes));
    }
}
