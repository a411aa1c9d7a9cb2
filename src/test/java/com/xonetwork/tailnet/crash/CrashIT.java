package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The operator is killed right before and right after each write to the control plane of the main stories: the simulator
 * holds the call (before or after it acted on it), and the process dies with it in flight. Started again, every story ends
 * as it would have without. Runs alone, because it kills the operator that all tests share.
 */
@RunningOperator
@Isolated
class CrashIT {

    /** Far longer than a plan takes to reach its call. */
    private static final String PATIENT = "120S";

    private static final String USUAL = "3S";

    @Test
    void whereverItDiesTheEndIsTheSame(Scene scene) {
        scene.operator().killAndRestart(PATIENT);
        var plans = new Plans(scene);
        for (var story : Story.values()) {
            for (var write : story.writes()) {
                plans.add(
                        story,
                        "killed before " + write,
                        tailnet -> tailnet.faults().on(write).once().hang());
                plans.add(
                        story,
                        "killed after " + write,
                        tailnet -> tailnet.faults().on(write).once().actThenHang());
            }
        }
        plans.begin();
        scene.soon()
                .untilAsserted(() -> assertThat(plans.all())
                        .allSatisfy(plan -> assertThat(plan.isHit())
                                .as(plan.story() + ", " + plan.what())
                                .isTrue()));

        scene.operator().killAndRestart(USUAL);
        plans.all().forEach(plan -> plan.tailnet().faults().clear());
        var passed = plans.assertTold();
        System.out.printf("crash plans: %d of %d passed%n", passed, plans.all().size());
    }
}
