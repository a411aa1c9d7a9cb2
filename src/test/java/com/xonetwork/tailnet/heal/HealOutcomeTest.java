package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealSource;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a policy is looked at again because of what came of its plan. */
class HealOutcomeTest {

    private final Fleet fleet = new Fleet().down("web").later("2m");

    private Optional<Duration> askAgain(Told told) {
        return new HealOutcome(List.of(told)).askAgain(fleet.policy().getSpec(), fleet.plan());
    }

    private static Told held(String guard, String why) {
        return new Told("web", "Held", guard, why);
    }

    @Test
    void soonWhereAMachineIsBeingAsked() {
        assertThat(askAgain(held("Recheck", Recheck.ASKED))).contains(Duration.ofSeconds(2));
    }

    @Test
    void laterWhereAMachineAnsweredThatIsAskedBySsh() {
        fleet.ladder = List.of(new Remediation(null, new LocalRef("mend"), "10m", 0, false, null));
        fleet.quorum = new Quorum(List.of(HealSource.CONTROL_PLANE, HealSource.SSH), 2);

        assertThat(fleet.plan().start()).hasSize(1);
        assertThat(askAgain(held(HealPlanner.QUORUM, "a source says that the node is up")))
                .contains(Duration.ofSeconds(31));
    }

    @Test
    void onlyByThePlanWhereNoMachineIsAsked() {
        assertThat(askAgain(held("Recheck", "the node is being deleted"))).isEmpty();
        assertThat(askAgain(held(HealPlanner.QUORUM, "a source says that the node is up")))
                .isEmpty();
    }
}
