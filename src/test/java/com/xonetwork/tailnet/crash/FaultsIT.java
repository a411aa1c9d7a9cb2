package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.FaultKind;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every way in which the control plane fails, in every story: nothing is deleted or made because of it, and when it ends the
 * story goes on by itself. Runs alone, because it gives the operator that all tests share other settings.
 */
@RunningOperator
@Alone
class FaultsIT {

    /**
     * A deletion waits longer than the fault lasts, and what was refused is tried again before the test gives up: 25 s, 10 min. A
     * list that lost most of its devices is doubted throughout, however many polls go by on a slow machine.
     */
    private static final Map<String, String> PERSISTENT = Map.of(
            "TAILNET_OPERATOR_DELETION_PATIENCE",
            "300S",
            "TAILNET_OPERATOR_REJECTED_RETRY",
            "10S",
            "TAILNET_OPERATOR_SNAPSHOT_SUSPECT_POLLS",
            "100000",
            Plans.MOST_RUNS,
            "600");

    /** That there is nothing to delete is believed: what is not there cannot be told from what is hidden. */
    private static final String BELIEVED_OF_DELETIONS = "404";

    private record Failure(Story story, Trouble trouble) {}

    @Test
    void noFaultDestroysAnythingAndEachIsOutlived(Scene scene) {
        scene.operator().kill();
        scene.operator().start(PERSISTENT);
        try {
            // Another Tailnet is the clock for "so long it lasts".
            var clock = scene.addSimulator();
            scene.tailnetAt(clock.url(), "clock", "");
            var plans = new Plans(scene);
            var all =
                    PlanSample.ofProperties()
                            .of(failures(), failure -> Plan.title(failure.story(), failure.trouble()))
                            .stream()
                            .map(failure -> plans.add(failure.story(), failure.trouble()))
                            .toList();
            plans.begin(all);
            scene.letPollsGoBy(clock, 6);
            var harmed = new ArrayList<>(Plans.failures(all, plan -> assertUnharmed(scene, plan)));

            all.forEach(Plan::endTrouble);
            plans.await(all, plan -> assertOutlived(scene, plan));
            harmed.addAll(Plans.failures(all, plan -> assertUnharmed(scene, plan)));
            System.out.printf("fault plans: %d of %d passed%n", all.size() - harmed.size(), all.size());
            assertThat(harmed).isEmpty();
        } finally {
            scene.operator().kill();
            scene.operator().start();
        }
    }

    private static List<Failure> failures() {
        return Stream.of(Story.values())
                .flatMap(story -> faults().entrySet().stream()
                        .map(fault -> new Failure(story, Trouble.fault(fault.getKey(), fault.getValue()))))
                .toList();
    }

    private static void assertUnharmed(Scene scene, Plan plan) {
        assertThat(plan.lostDevices()).as("devices lost").isEmpty();
        assertThat(Seen.liveKeys(plan.tailnet())).as("live keys").hasSizeLessThanOrEqualTo(1);
        plan.story().assertUnharmed(scene, plan.name(), plan.tailnet());
    }

    private static void assertOutlived(Scene scene, Plan plan) {
        if (plan.story().isDeletion() && plan.trouble().what().equals(BELIEVED_OF_DELETIONS)) {
            assertThat(scene.find(TailnetNode.class, plan.name())).isEmpty();
        } else {
            plan.story().assertTold(scene, plan.name(), plan.tailnet());
        }
    }

    private static Map<String, Function<TailnetSimulator, Fault>> faults() {
        var faults = new LinkedHashMap<String, Function<TailnetSimulator, Fault>>();
        faults.put("401", all(fault -> fault.status(401)));
        faults.put("403", all(fault -> fault.status(403)));
        faults.put("404", all(fault -> fault.status(404)));
        faults.put("500", all(fault -> fault.status(500)));
        faults.put("429", all(FaultKind::rateLimited));
        faults.put("429 with Retry-After", all(fault -> fault.rateLimited(Duration.ofSeconds(2))));
        faults.put("a web page", all(FaultKind::html));
        faults.put("a proxy's error page", all(FaultKind::badGatewayPage));
        faults.put("late", all(fault -> fault.delay(Duration.ofSeconds(2))));
        faults.put("hanging", all(FaultKind::hang));
        faults.put("truncated", all(FaultKind::truncated));
        faults.put("reset", all(FaultKind::reset));
        faults.put("an empty list", list(FaultKind::emptyList));
        faults.put("half a list", list(FaultKind::halfList));
        faults.put("done and 500", all(fault -> fault.actThenStatus(500)));
        faults.put("done and cut off", all(FaultKind::actThenCut));
        faults.put("tokens that expired", tailnet -> {
            tailnet.faults().expireTokens();
            return null;
        });
        return faults;
    }

    private static Function<TailnetSimulator, Fault> all(Function<FaultKind, Fault> kind) {
        return tailnet -> kind.apply(tailnet.faults().onAll().untilCleared());
    }

    private static Function<TailnetSimulator, Fault> list(Function<FaultKind, Fault> kind) {
        return tailnet -> kind.apply(tailnet.faults().on(Scene.LIST).untilCleared());
    }
}
