package com.xonetwork.tailnet.controlplane;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(100, 60);

    @Test
    void noNamespaceTakesAllAndAllTogetherTakeNoMoreThanThereIs() {
        var b = budget.open("b");
        assertThat(b.take(60)).isTrue();
        assertThat(b.take(1)).isFalse();
        assertThat(budget.open("b").take(1)).as("another Tailnet of it").isFalse();
        var a = budget.open("a");
        assertThat(a.take(40)).isTrue();
        assertThat(budget.open("c").take(1)).isFalse();

        b.close();
        b.close();
        assertThat(a.take(20)).isTrue();
        assertThat(budget.open("c").take(40)).isTrue();
        assertThat(budget.open("c").take(1)).isFalse();
    }

    @Test
    void aShareThatWasGivenBackTakesNothing() {
        var share = budget.open("a");
        share.close();
        assertThat(share.take(1)).isFalse();
    }

    @Test
    void aListWithTooManyDevicesIsRefusedWhole() {
        try (var intake = new ListIntake(MemoryBudget.unlimited(), "a", 2)) {
            intake.device(plain("1"));
            intake.device(plain("2"));
            assertThatThrownBy(() -> intake.device(plain("3")))
                    .isInstanceOf(ControlPlaneException.TooLarge.class)
                    .hasMessageContaining("max-devices");
        }
    }

    @Test
    void whatWasRefusedTakesNothingAndWhatIsKeptGoesOnTaking() {
        var room = new MemoryBudget(3_000, 3_000);
        try (var intake = new ListIntake(room, "a", 10)) {
            intake.arrived(150);
            assertThatThrownBy(() -> intake.arrived(50)).isInstanceOf(ControlPlaneException.TooLarge.class);
        }
        MemoryBudget.Share kept;
        try (var intake = new ListIntake(room, "a", 10)) {
            intake.arrived(50);
            intake.device(plain("1"));
            kept = intake.keep();
        }
        assertThat(room.open("a").take(3_000)).isFalse();
        kept.close();
        assertThat(room.open("a").take(3_000)).isTrue();
    }

    /** However often a list is tried again, it counts once. */
    @Test
    void whatAnEarlierTryReadIsGivenBack() {
        var room = new MemoryBudget(3_000, 3_000);
        try (var intake = new ListIntake(room, "a", 2)) {
            for (var i = 0; i < 10; i++) {
                intake.restart();
                intake.arrived(100);
                intake.device(plain("1"));
                intake.arrived(100);
                intake.device(plain("2"));
            }
        }
        assertThat(room.open("a").take(3_000)).isTrue();
    }

    @Test
    void aPartOfAKnownSizeIsRefusedInWordsForUsers() {
        budget.open("a", 60, "the policy file");
        assertThatThrownBy(() -> budget.open("a", 1, "the policy file"))
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageStartingWith("the policy file does not fit into the memory");
        assertThat(budget.open("b").take(40)).as("others have theirs").isTrue();
    }
}
