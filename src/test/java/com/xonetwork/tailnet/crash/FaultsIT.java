package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.crash.Plans.Plan;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.FaultKind;
import com.xonetwork.tailnet.simulator.Faults.Fault;
import com.xonetwork.tailnet.simulator.TailnetSimulator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every way in which the control plane fails, while devices are adopted and routes approved: nothing is deleted or made
 * because of it, and when it ends the story goes on by itself.
 */
@RunningOperator
@Isolated
class FaultsIT {

    @Test
    void noFaultDestroysAnythingAndEachIsOutlived(Scene scene) {
        // Another Tailnet is the clock for "so long it lasts".
        var clock = scene.addSimulator();
        scene.tailnetAt(clock.url(), "clock", "");
        var plans = new Plans(scene);
        for (var story : List.of(Story.ADOPT, Story.ROUTES)) {
            faults().forEach((name, fault) -> plans.add(story, name, fault));
        }
        plans.begin();
        scene.letPollsGoBy(clock, 6);
        for (var plan : plans.all()) {
            assertNothingLost(scene, plan);
        }

        plans.all().forEach(plan -> plan.tailnet().faults().clear());
        for (var plan : plans.all()) {
            scene.soon().untilAsserted(() -> assertOutlived(scene, plan));
        }
        System.out.printf(
                "fault plans: %d of %d passed%n",
                plans.all().size(), plans.all().size());
    }

    private static void assertNothingLost(Scene scene, Plan plan) {
        assertThat(plan.lostDevices()).as("devices lost: " + plan).isEmpty();
        assertThat(scene.find(TailnetNode.class, plan.name()))
                .as(plan.toString())
                .isPresent();
        assertThat(Story.liveKeys(plan.tailnet())).as("live keys: " + plan).isLessThanOrEqualTo(1);
    }

    private static void assertOutlived(Scene scene, Plan plan) {
        assertThat(plan.story())
                .as(plan.toString())
                .satisfies(story -> story.assertTold(scene, plan.name(), plan.tailnet()));
        assertNothingLost(scene, plan);
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
