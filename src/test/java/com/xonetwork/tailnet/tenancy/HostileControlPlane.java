package com.xonetwork.tailnet.tenancy;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.tenancy.HostileAct.Torment;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a control plane can do that somebody names in a Tailnet. */
final class HostileControlPlane {

    /** Three for each thread that the controllers share. */
    private static final int NODES = 150;

    private static final String SOON = "callBudget: {perSecond: 100, burst: 1000}\n";

    private HostileControlPlane() {}

    static Torment hangingWrites(Scene hostile) {
        hostile.simulator().setPolicyByHand(Neighbour.TAGS_OWNED);
        IntStream.range(0, NODES)
                .forEach(number -> hostile.simulator()
                        .addDevice(SimDevice.named("m" + number).tags("tag:r0")));
        hostile.simulator().faults().on("setDeviceTags").untilCleared().hang();
        hostile.tailnet("home", SOON);
        hostile.awaitReady(Tailnet.class, "home");
        IntStream.range(0, NODES)
                .forEach(number -> hostile.node("m" + number, "hostname: m%d\ntags: [\"tag:r1\"]".formatted(number)));
        hostile.soon().until(() -> hostile.ledger().count("setDeviceTags") > 0);
        return () -> hostile.simulator().faults().clear();
    }

    static Torment hangingLists(Scene hostile) {
        for (var number = 0; number < 20; number++) {
            var simulator = hostile.addSimulator();
            simulator.faults().onAll().untilCleared().hang();
            hostile.tailnetAt(simulator.url(), "hanging-" + number, "");
            hostile.soon().until(() -> !simulator.ledger().calls().isEmpty());
        }
        return () -> {};
    }

    static Torment largeLists(Scene hostile) {
        var routes = IntStream.range(0, 20)
                .mapToObj("\"10.%d.0.0/24\""::formatted)
                .collect(Collectors.joining(",", "[", "]"));
        var list = IntStream.range(0, 28_000)
                .mapToObj(number ->
                        ("{\"id\":\"%1$d\",\"nodeId\":\"n%1$d\",\"name\":\"m%1$d.x.ts.net\",\"hostname\":\"m%1$d\","
                                        + "\"addresses\":[\"100.64.0.1\"],\"os\":\"linux\",\"user\":\"u\",\"authorized\":true,"
                                        + "\"connectedToControl\":true,\"advertisedRoutes\":%2$s,\"enabledRoutes\":[],\"tags\":[]}")
                                .formatted(number, routes))
                .collect(Collectors.joining(",", "{\"devices\":[", "]}"));
        for (var number = 0; number < 4; number++) {
            var simulator = hostile.addSimulator();
            simulator.faults().on(Scene.LIST).untilCleared().status(200, list, "application/json");
            hostile.tailnetAt(simulator.url(), "large-" + number, SOON);
            hostile.soon().until(() -> simulator.ledger().count(Scene.LIST) > 0);
        }
        return () -> {};
    }
}
