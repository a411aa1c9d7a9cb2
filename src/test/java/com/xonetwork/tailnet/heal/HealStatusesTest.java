package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus.Decision;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealStatusesTest {

    private final Fleet fleet = new Fleet();
    private final HealPolicy policy = fleet.policy();
    private final HealPlan plan = fleet.plan();
    private Instant now = Fleet.START;
    private int writes;

    private void look(List<Told> told) {
        now = now.plusSeconds(60);
        var status = HealStatuses.of(policy, plan, new HealOutcome(told), now);
        writes += status.equals(policy.getStatus()) ? 0 : 1;
        policy.setStatus(status);
    }

    private List<String> decisions() {
        return policy.getStatus().decisions().stream()
                .map(decision -> decision.node() + " " + decision.decision())
                .toList();
    }

    private static List<Told> held(int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(node -> new Told("web-" + node, "Held", "Storm", "too many"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 19, 20, 21, 25, 500})
    void whatHoldsIsWrittenOnceHoweverManyNodesItIsAbout(int nodes) {
        for (var look = 0; look < 10; look++) {
            look(held(nodes));
        }
        assertThat(writes).isEqualTo(1);
        assertThat(policy.getStatus().decisions()).hasSize(Math.min(nodes, HealPolicyStatus.MAX_DECISIONS));
    }

    @Test
    void twoDecisionsAboutOneNodeAreWrittenOnceToo() {
        var told = List.of(new Told("*", "Held", "Storm", "too many"), new Told("*", "Held", "CommonCause", "a site"));
        for (var look = 0; look < 5; look++) {
            look(told);
        }
        assertThat(writes).isEqualTo(1);
    }

    @Test
    void whatBeganIsListedAlsoWhenNothingElseHasAPlace() {
        look(held(30));
        var told = new ArrayList<>(held(30));
        told.removeLast();
        told.add(new Told("web-29", HealStatuses.STARTED, "None", "rung 1"));
        look(told);
        assertThat(decisions()).hasSize(HealPolicyStatus.MAX_DECISIONS).startsWith("web-29 Started");
        writes = 0;
        for (var look = 0; look < 10; look++) {
            look(held(29));
        }
        assertThat(writes).as("one of those that hold takes the place back").isLessThanOrEqualTo(1);
    }

    @Test
    void whatComesBackIsNewAgain() {
        look(held(1));
        look(List.of(new Told("web-0", HealStatuses.STARTED, "None", "rung 1")));
        look(List.of());
        look(held(1));
        assertThat(decisions()).containsExactly("web-0 Held", "web-0 Started", "web-0 Held");
        assertThat(policy.getStatus().decisions())
                .extracting(Decision::time)
                .first()
                .isEqualTo(now.toString());
        writes = 0;
        look(held(1));
        assertThat(writes).isZero();
    }
}
