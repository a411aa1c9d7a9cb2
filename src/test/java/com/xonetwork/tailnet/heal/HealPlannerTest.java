package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.xonetwork.tailnet.api.v1alpha1.HealAction;
import com.xonetwork.tailnet.api.v1alpha1.HealMode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealSource;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.TestRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealPlannerTest {

    private final Fleet fleet = new Fleet().healthy("a", "b", "c", "d", "e", "f");

    private static Fact fact(HealPlan plan, ConditionType type) {
        return plan.facts().stream()
                .filter(one -> one.type() == type)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> guards(HealPlan plan) {
        return plan.told().stream().map(Told::guard).toList();
    }

    @Test
    void aFailureIsGivenItsTimeAndThenTheFirstRemedy() {
        fleet.down("a");
        var early = fleet.later("59s").act();
        assertThat(early.start()).isEmpty();
        assertThat(early.lookAgain())
                .isPresent()
                .get()
                .satisfies(wait -> assertThat(wait.toSeconds()).isEqualTo(1));

        var plan = fleet.later("1s").act();
        assertThat(plan.start()).singleElement().satisfies(remedy -> {
            assertThat(remedy.rung()).isEqualTo(1);
            assertThat(remedy.remediation().action()).isEqualTo(HealAction.REUP);
        });
        assertThat(plan.healthy()).isEqualTo(5);
        assertThat(plan.observed()).isEqualTo(6);
    }

    @Test
    void theLadderIsClimbedToItsEndAndThenAHumanIsAsked() {
        fleet.down("a").later("1m");
        for (var rung = 1; rung <= 5; rung++) {
            fleet.act();
            assertThat(fleet.rungs()).hasSize(rung).endsWith(rung);
            assertThat(fleet.later("10s").act().start()).as("one at a time").isEmpty();
            fleet.ends(RunPhase.FAILED);
            assertThat(fleet.later("29s").act().start())
                    .as("its effect is awaited")
                    .isEmpty();
            fleet.later("1s");
        }
        var plan = fleet.act();
        assertThat(plan.start()).isEmpty();
        assertThat(fact(plan, ConditionType.NODES_HEALTHY).reason()).isEqualTo(Reason.RETRIES_EXHAUSTED);
        assertThat(fact(plan, ConditionType.NODES_HEALTHY).message()).contains("a: all remedies have failed");
        assertThat(fleet.runs.getLast().getSpec().requireApproval())
                .as("a reboot")
                .isTrue();
    }

    @Test
    void aRungIsRepeatedAndTheWholeLadderToo() {
        fleet.ladder = List.of(
                new Remediation(HealAction.REUP, null, "5m", 1, false, null),
                new Remediation(HealAction.REBOOT, null, "5m", 0, false, null));
        fleet.maxRetry = 1;
        fleet.down("a").later("1m");
        for (var run = 0; run < 3; run++) {
            fleet.act();
            fleet.ends(RunPhase.FAILED).later("30s");
        }
        assertThat(fleet.rungs()).containsExactly(1, 1, 2);
        assertThat(fleet.act().start()).isEmpty();
        fleet.later("9m30s").act();
        assertThat(fleet.rungs()).containsExactly(1, 1, 2, 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 30", "3, 60", "9, 60"})
    void theLadderBeginsAnewLaterAndLater(int times, int minutes) {
        assertThat(new HealPolicySpec.Backoff("10m", 3, "1h").after(times)).isEqualTo(Duration.ofMinutes(minutes));
    }

    /** What a mild remedy came to before one that needs a quorum. */
    @ParameterizedTest
    @CsvSource({
        "FAILED, 1, ",
        "FAILED, 2, ",
        "UNREACHABLE, 2, ",
        "CANCELLED, 1, ",
        "CANCELLED, 2, 'fewer than 2 say that the node is down: ControlPlane says down, LastRun does not know'",
        "SUCCEEDED, 1, 'a source of the quorum says that the node is up, so the remedy is not started: ControlPlane says down, LastRun says up'",
    })
    void oneSourceThatSaysOtherwiseHoldsWhatCannotBeUndone(RunPhase came, int min, String held) {
        fleet.ladder = List.of(
                new Remediation(HealAction.REUP, null, "5m", 0, false, null),
                new Remediation(HealAction.REBOOT, null, "5m", 0, false, null));
        fleet.quorum = new Quorum(null, min);
        fleet.down("a").later("1m").act();
        fleet.ends(came).later("30s");
        var plan = fleet.act();
        assertThat(plan.start()).hasSize(held == null ? 1 : 0);
        assertThat(plan.told())
                .extracting(Told::guard, Told::message)
                .isEqualTo(
                        held == null
                                ? List.of()
                                : List.of(tuple(
                                        "Quorum",
                                        "rung 2, reboot: Online is False (R) since 2026-03-01T12:00:00Z: " + held)));
    }

    @Test
    void whatAUserSaysOfARemedyCounts() {
        assertThat(new Remediation(HealAction.REBOOT, null, "5m", 0, false, false).needsQuorum())
                .isFalse();
        assertThat(new Remediation(HealAction.REUP, null, "5m", 0, false, true).needsQuorum())
                .isTrue();
        assertThat(new Remediation(null, new LocalRef("replace"), "5m", 0, false, null).needsQuorum())
                .isTrue();
        assertThat(new Remediation(HealAction.REKEY, null, "5m", 0, false, null).needsQuorum())
                .isFalse();
    }

    @Test
    void sshIsAskedOnlyBeforeATemplateOfAUser() {
        var quorum = new Quorum(List.of(HealSource.CONTROL_PLANE, HealSource.SSH), 2);
        var template =
                Votes.of(quorum, new Remediation(null, new LocalRef("replace"), "5m", 0, false, null), List.of());
        assertThat(template.againstAlready(2)).isEmpty();
        assertThat(template.withSsh(false).against(2)).isEmpty();
        assertThat(template.withSsh(true).against(2))
                .hasValueSatisfying(why -> assertThat(why).endsWith("ControlPlane says down, Ssh says up"));
        assertThat(template.against(2)).as("not asked").isPresent();
        var reboot = Votes.of(quorum, new Remediation(HealAction.REBOOT, null, "5m", 0, false, null), List.of());
        assertThat(reboot.asksSsh()).isFalse();
        assertThat(reboot.againstAlready(2)).isPresent();
    }

    @Test
    void aNodeThatFailsAgainSoonGoesOnWhereItStoppedAndLaterBeginsAnew() {
        fleet.down("a").later("1m").act();
        fleet.ends(RunPhase.SUCCEEDED)
                .up("a")
                .later("30m")
                .down("a")
                .later("1m")
                .act();
        assertThat(fleet.rungs()).containsExactly(1, 2);
        fleet.ends(RunPhase.SUCCEEDED)
                .up("a")
                .later("61m")
                .down("a")
                .later("1m")
                .act();
        assertThat(fleet.rungs()).containsExactly(1, 2, 1);
    }

    @Test
    void aNodeThatIsHealthyAgainIsWatchedBeforeItCounts() {
        fleet.down("a").later("1m").act();
        fleet.ends(RunPhase.SUCCEEDED).up("a");
        assertThat(fleet.later("119s").act().unhealthy())
                .singleElement()
                .satisfies(node -> assertThat(node.evidence()).startsWith("healthy again"));
        assertThat(fleet.later("1s").act().healthy()).isEqualTo(6);
    }

    @Test
    void aRemedyThatHasNotBegunIsCancelledWhenTheNodeIsHealthyAgain() {
        fleet.down("a").later("1m").act();
        assertThat(fleet.up("a").act().cancel()).isEqualTo(fleet.runs);
        fleet.runs.clear();
        fleet.down("a").later("1m").act();
        fleet.ends(RunPhase.RUNNING).up("a");
        assertThat(fleet.act().cancel()).as("it has an attempt").isEmpty();
    }

    /** A healthy machine whose name somebody else's device has would be restarted otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"Ambiguous", "DuplicateNode", "DeviceNotFound"})
    void noRemedyWithoutOneDeviceThatTheNodeStandsFor(String reason) {
        fleet.nodes.getFirst().setStatus(TestStatus.without(reason, Fleet.START.minusSeconds(3600)));
        var plan = fleet.later("1h").act();
        assertThat(plan.start()).isEmpty();
        assertThat(plan.unhealthy()).isEmpty();
    }

    @Test
    void aNodeIsNotUnhealthySinceBeforeItJoined() {
        var node = fleet.nodes.getFirst();
        node.setStatus(TestStatus.joinedAndOffline(Fleet.START, Fleet.START.minusSeconds(3600)));
        assertThat(fleet.later("59s").act().start()).isEmpty();
        assertThat(fleet.later("1s").act().start()).hasSize(1);
    }

    @Test
    void runsOfLongAgoAreRemovedAndThoseOfThePresentTroubleAreNot() {
        for (var trouble = 0; trouble < 12; trouble++) {
            fleet.down("a").later("1m").act();
            fleet.ends(RunPhase.SUCCEEDED).up("a").later("2h");
        }
        assertThat(fleet.act().remove())
                .containsExactlyElementsOf(fleet.runs.subList(0, 2).reversed());
        fleet.ladder = List.of(new Remediation(HealAction.REUP, null, "5m", 20, false, null));
        fleet.down("a").later("1m");
        for (var remedy = 0; remedy < 15; remedy++) {
            fleet.act();
            fleet.ends(RunPhase.FAILED).later("30s");
        }
        assertThat(fleet.act().remove())
                .containsExactlyElementsOf(fleet.runs.subList(0, 12).reversed());
    }

    /** Names of nodes are made up again and again: each has runs, and together they would be more for ever. */
    @Test
    void runsOfNodesThatAreGoneAreFewAfterADay() {
        for (var node = 0; node < 15; node++) {
            fleet.down("gone-" + node).later("1m").act();
            fleet.ends(RunPhase.SUCCEEDED)
                    .nodes
                    .removeIf(there -> there.getMetadata().getName().startsWith("gone"));
            fleet.later("1m");
        }
        assertThat(fleet.act().remove()).as("a label may come back").isEmpty();
        assertThat(fleet.later("24h").act().remove())
                .containsExactlyElementsOf(fleet.runs.subList(0, 5).reversed());
    }

    @Test
    void aRunThatTakesTooLongIsCancelledAndOneThatWaitsForAHumanIsNot() {
        fleet.down("a").later("1m").act();
        assertThat(fleet.later("4m59s").act().cancel()).isEmpty();
        assertThat(fleet.later("1s").act().cancel()).hasSize(1);
        fleet.ends(RunPhase.AWAITING_APPROVAL);
        assertThat(fleet.later("10h").act().cancel()).isEmpty();
    }

    @Test
    void aRemedyThatWaitsForAHumanKeepsNoOtherWaiting() {
        fleet.down("a").later("1m").act();
        fleet.ends(RunPhase.AWAITING_APPROVAL).down("b").later("3m");
        assertThat(fleet.act().start())
                .extracting(remedy -> remedy.node().getMetadata().getName())
                .containsExactly("b");
    }

    @Test
    void onlySoManyAreUnderWay() {
        fleet.healthy("g", "h").down("a", "b").later("1m");
        var plan = fleet.act();
        assertThat(plan.start()).hasSize(1);
        assertThat(plan.told()).extracting(Told::node, Told::guard).containsExactly(tuple("b", "MaxInFlight"));
    }

    @ParameterizedTest
    @CsvSource({
        "40%,,2,true",
        "40%,,3,false",
        "2,,2,true",
        "2,,3,false",
        ",50%,3,true",
        ",50%,4,false",
        ",4,3,false",
        "0%,,1,false",
        "0,,1,false",
        "10%,,1,true"
    })
    void tooManyAreAStorm(String maxUnhealthy, String minHealthy, int down, boolean healed) {
        fleet.maxUnhealthy = maxUnhealthy;
        fleet.minHealthy = minHealthy;
        fleet.down(IntStream.range(0, down)
                .mapToObj(i -> "abcdef".substring(i, i + 1))
                .toArray(String[]::new));
        fleet.later("1m");
        var plan = fleet.act();
        assertThat(plan.start().isEmpty()).isEqualTo(!healed);
        assertThat(fact(plan, ConditionType.STORM_ACTIVE).isTrue()).isEqualTo(!healed);
        assertThat(plan.incidents()).hasSize(healed ? 0 : 1);
        assertThat(plan.allowed() == 0).isEqualTo(!healed || plan.start().size() == 1);
    }

    @Test
    void aStormIsFollowedByACooldownAndThenHealingGoesOn() {
        fleet.down("a", "b", "c").later("1m");
        assertThat(fleet.act().incidents()).singleElement().asString().contains("3 of 6 nodes are unhealthy");
        assertThat(fleet.later("1m").act().incidents()).as("told once").isEmpty();
        fleet.later("1h").up("b", "c");
        assertThat(guards(fleet.act())).as("the cooldown begins with its end").containsExactly("Storm");
        assertThat(guards(fleet.later("4m59s").act())).containsExactly("Storm");
        var plan = fleet.later("1s").act();
        assertThat(plan.start()).hasSize(1);
        assertThat(fact(plan, ConditionType.STORM_ACTIVE).reason()).isEqualTo(Reason.NO_STORM);
    }

    @Test
    void nodesOfOneSiteThatFailTogetherAreLeftAloneAndOthersAreNot() {
        fleet.maxUnhealthy = "90%";
        fleet.healthy("berlin-1", "berlin-2", "berlin-3")
                .down("berlin-1", "berlin-2", "a")
                .later("1m");
        var plan = fleet.act();
        assertThat(plan.start())
                .extracting(remedy -> remedy.node().getMetadata().getName())
                .containsExactly("a");
        assertThat(plan.incidents())
                .singleElement()
                .asString()
                .startsWith("2 of 3 nodes that share site berlin failed");
        assertThat(fact(plan, ConditionType.STORM_ACTIVE).reason()).isEqualTo(Reason.COMMON_CAUSE);
        assertThat(fact(plan, ConditionType.REMEDIATION_ALLOWED).isTrue()).isTrue();
    }

    @Test
    void nodesOfOneSiteThatFailOneAfterTheOtherAreNoCommonCause() {
        fleet.maxUnhealthy = "90%";
        fleet.healthy("berlin-1", "berlin-2", "berlin-3")
                .down("berlin-1")
                .later("121s")
                .down("berlin-2")
                .later("1m");
        assertThat(fleet.act().incidents()).isEmpty();
    }

    @Test
    void nodesBehindOneRouterAreLeftAloneAndTheRouterIsHealed() {
        fleet.maxUnhealthy = "90%";
        fleet.routes.add(TestRoute.route("lan").to("10.0.0.0/24").via("a").build());
        fleet.down("a", "b", "c", "d", "e").later("1m");
        var plan = fleet.act();
        assertThat(plan.start())
                .extracting(remedy -> remedy.node().getMetadata().getName())
                .containsExactly("a");
        assertThat(plan.incidents()).singleElement().asString().contains("subnet router a");
    }

    @Test
    void nothingIsHealedOnWhatIsNotKnown() {
        fleet.down("a").later("1m");
        fleet.inTheWay = Optional.of(new Standing(Reason.SNAPSHOT_STALE, "too old"));
        var plan = fleet.act();
        assertThat(plan.start()).isEmpty();
        assertThat(fact(plan, ConditionType.REMEDIATION_ALLOWED).reason()).isEqualTo(Reason.SNAPSHOT_STALE);
    }

    @Test
    void pausedSuggestedAndObservedDoNothing() {
        fleet.down("a").later("1m");
        fleet.pauses = List.of("moving the rack");
        assertThat(guards(fleet.act())).containsExactly("Paused");
        fleet.pauses = List.of();
        fleet.mode = HealMode.SUGGEST;
        assertThat(fleet.act().told()).extracting(Told::decision).containsExactly("Suggested");
        fleet.mode = HealMode.OBSERVE;
        assertThat(fleet.act().told()).isEmpty();
        assertThat(fleet.runs).isEmpty();
    }

    @Test
    void theYoungerOfTwoPoliciesForOneNodeStops() {
        fleet.down("a").later("1m");
        fleet.others.add(fleet.policy("older", "2025-01-01T00:00:00Z"));
        var plan = fleet.act();
        assertThat(plan.start()).isEmpty();
        assertThat(fact(plan, ConditionType.ACCEPTED).message())
                .contains("HealPolicy older")
                .contains("which is older. HealPolicy web heals no node");
        fleet.others.clear();
        fleet.others.add(fleet.policy("younger", "2026-02-01T00:00:00Z"));
        assertThat(fleet.act().start()).hasSize(1);
    }

    @Test
    void aNodeInModeObserveGetsNoRemedyThatNeedsAJoinKey() {
        fleet.tailnetMode = Mode.OBSERVE;
        fleet.ladder = List.of(
                new Remediation(HealAction.REKEY, null, null, null, null, null),
                new Remediation(HealAction.RESTART_TAILSCALED, null, null, null, null, null));
        assertThat(fleet.down("c").later("2m").plan().start())
                .singleElement()
                .satisfies(remedy -> assertThat(remedy.rung()).isEqualTo(2));
        fleet.tailnetMode = Mode.ENFORCE;
        assertThat(fleet.plan().start())
                .singleElement()
                .satisfies(remedy -> assertThat(remedy.rung()).isEqualTo(1));
    }
}
