package com.xonetwork.tailnet.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.Quiet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.tenancy.Neighbour.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two tenants and one operator with the memory and the limits that it is shipped with. While one of them does its worst, the
 * other waits at most twice as long as before, and nothing restarts. Runs alone: the operator gets other settings, and others'
 * load is not what is measured.
 */
@RunningOperator
@Quiet
class TwoTenantsIT {

    /** As shipped: what a control plane that hangs holds up must be as much as it is in production. */
    private static final Map<String, String> AS_SHIPPED = Map.of(
            "TAILNET_OPERATOR_CONTROL_PLANE_CONNECT_TIMEOUT", "10S",
            "TAILNET_OPERATOR_CONTROL_PLANE_CALL_TIMEOUT", "30S");

    private static final int ROUNDS = 5;
    /** The machine is shared: what is slow once may be slow because of somebody else, what is slow each time is not. */
    private static final int TRIES = 3;
    /** Below this nobody notices, and a collection of garbage takes as long. */
    private static final Duration UNNOTICED = Duration.ofMillis(500);

    @BeforeAll
    static void asShipped(OperatorUnderTest operator) {
        operator.kill();
        operator.start(AS_SHIPPED);
    }

    @AfterAll
    static void asItWas(OperatorUnderTest operator) {
        operator.kill();
        operator.start();
    }

    @ParameterizedTest
    @EnumSource
    void theOtherTenantIsServedAsBefore(HostileAct act, Scene scene) throws Exception {
        assumeFalse(
                scene.cluster().hasControllers(),
                "skipped: here a Job controller runs, and nothing needs to be played");
        var operator = scene.operator().process();
        var neighbour = new Neighbour(scene);
        neighbour.measure(2);
        var quiet = neighbour.measure(ROUNDS);
        var complaints = new ArrayList<List<String>>();
        try (var hostile = scene.neighbour();
                var _ = act.begin(hostile, neighbour)) {
            do {
                var now = neighbour.measure(ROUNDS);
                assertThat(operator.isAlive()).as("the operator still runs").isTrue();
                System.out.printf("two tenants: %s: quiet %s, now %s%n", act, inMillis(quiet), inMillis(now));
                complaints.add(complaints(quiet, now));
            } while (!complaints.getLast().isEmpty() && complaints.size() < TRIES);
        }
        assertThat(complaints.getLast()).as("%s, each of %s", act, complaints).isEmpty();
        assertThat(operator.isAlive()).isTrue();
        scene.awaitReady(Tailnet.class, "home");
    }

    /** A wait may be twice the quiet one, and longer by as much as the API server itself is slower now. */
    private static List<String> complaints(Map<Service, Duration> quiet, Map<Service, Duration> now) {
        var slower = Math.max(
                1,
                (double) now.get(Service.API_SERVER).toNanos()
                        / quiet.get(Service.API_SERVER).toNanos());
        return now.entrySet().stream()
                .filter(wait -> wait.getKey() != Service.API_SERVER)
                .filter(wait -> {
                    var most = Math.round(2 * slower * quiet.get(wait.getKey()).toNanos());
                    return wait.getValue().compareTo(Duration.ofNanos(most).plus(UNNOTICED)) > 0;
                })
                .map(wait -> "%s %d ms, quiet %d ms, API server %.1f times as slow"
                        .formatted(
                                wait.getKey(),
                                wait.getValue().toMillis(),
                                quiet.get(wait.getKey()).toMillis(),
                                slower))
                .toList();
    }

    private static List<String> inMillis(Map<Service, Duration> waits) {
        return waits.entrySet().stream()
                .map(wait -> wait.getKey() + " " + wait.getValue().toMillis())
                .toList();
    }
}
