package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanSampleTest {

    private static final List<String> PLANS = IntStream.range(0, 170)
            .mapToObj(number -> "JOIN_KEY, killed before " + number + ", PUT tailnetnodes/NAME/status")
            .toList();

    private static List<String> taken(PlanSample sample) {
        return sample.of(PLANS, Function.identity());
    }

    @Test
    void withoutASeedAllAreTaken() {
        assertThat(taken(new PlanSample(null, null))).isEqualTo(PLANS);
    }

    @Test
    void threeSeedsInARowTakeEachPlanOnce() {
        var together = Stream.of(41, 42, 43).flatMap(seed -> taken(new PlanSample(seed, null)).stream());
        assertThat(together).containsExactlyInAnyOrderElementsOf(PLANS);
    }

    @Test
    void aThirdIsAboutAThird() {
        assertThat(taken(new PlanSample(7, null))).hasSizeBetween(40, 75);
    }

    @Test
    void theSameSeedTakesTheSame() {
        assertThat(new PlanSample(-5, null).of(PLANS.reversed(), Function.identity()))
                .as("by its name, wherever it stands")
                .containsExactlyInAnyOrderElementsOf(taken(new PlanSample(-5, null)));
    }

    @Test
    void onePlanCanBeToldAlone() {
        assertThat(taken(new PlanSample(null, "before 17,"))).containsExactly(PLANS.get(17));
    }

    @Test
    void aNameThatNoPlanHasFails() {
        assertThatThrownBy(() -> taken(new PlanSample(null, "before Christmas")))
                .hasMessageContaining("before Christmas")
                .hasMessageContaining(PLANS.getFirst());
    }
}
