package com.xonetwork.tailnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.simulator.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftMemoryTest {

    private static final String UID = "uid-web-1";
    private static final Attempt NAME = new Attempt(Field.NAME, "web-1");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final DriftMemory memory = new DriftMemory(clock);

    @Test
    void whatWasNeverAsWantedIsNoDrift() {
        assertThat(memory.known(UID).isDrift(rename("web-1"))).isFalse();
    }

    @Test
    void whatWasAsWantedAndIsNotAnyMoreIsDrift() {
        memory.settled(UID, Map.of(Field.NAME, "web-1"));
        assertThat(memory.known(UID).isDrift(rename("web-1"))).isTrue();
    }

    @Test
    void anotherWishIsNoDrift() {
        memory.settled(UID, Map.of(Field.NAME, "web-1"));
        assertThat(memory.known(UID).isDrift(rename("web-2"))).isFalse();
    }

    @Test
    void driftThatIsLeftIsToldOnce() {
        memory.settled(UID, Map.of(Field.NAME, "web-1"));
        memory.seen(UID, List.of(rename("web-1")));
        assertThat(memory.known(UID).isDrift(rename("web-1"))).isFalse();

        memory.settled(UID, Map.of(Field.NAME, "web-1"));
        assertThat(memory.known(UID).isDrift(rename("web-1"))).isTrue();
    }

    @Test
    void afterThreeRoundsWithinTenMinutesAFieldIsContested() {
        fight(2);
        assertThat(memory.known(UID).contested()).isEmpty();
        fight(1);
        assertThat(memory.known(UID).contested()).containsOnlyKeys(NAME);
    }

    @Test
    void roundsThatAreFarApartAreNoFight() {
        fight(2);
        clock.advance(DriftMemory.WINDOW);
        fight(1);
        assertThat(memory.known(UID).contested()).isEmpty();
    }

    @Test
    void aFightThatWasGivenUpIsNotBegunAgainWhenTimePasses() {
        fight(3);
        memory.gaveUp(UID, Set.of(Field.NAME), "");
        clock.advance(Duration.ofHours(5));
        assertThat(memory.known(UID).contested()).containsOnlyKeys(NAME);
    }

    @Test
    void itEndsWhenTheOtherGivesWay() {
        fight(3);
        memory.gaveUp(UID, Set.of(Field.NAME), "");
        memory.settled(UID, Map.of(Field.NAME, "web-1"));
        assertThat(memory.known(UID).contested()).isEmpty();
        fight(2);
        assertThat(memory.known(UID).contested()).isEmpty();
    }

    @Test
    void itEndsWithAnotherWish() {
        fight(3);
        memory.gaveUp(UID, Set.of(Field.NAME), "");
        memory.settled(UID, Map.of(Field.NAME, "web-2"));
        assertThat(memory.known(UID).contested()).isEmpty();
    }

    @Test
    void whatWasForgottenIsGone() {
        fight(3);
        memory.forget(UID);
        assertThat(memory.known(UID).contested()).isEmpty();
    }

    /** Somebody changes it, we put it right, it is as wanted. */
    private void fight(int rounds) {
        for (int i = 0; i < rounds; i++) {
            memory.settled(UID, Map.of(Field.NAME, "web-1"));
            clock.advance(Duration.ofSeconds(5));
            memory.putRight(UID, rename("web-1"));
            memory.settled(UID, Map.of(Field.NAME, "web-1"));
        }
    }

    private static DeviceAction rename(String to) {
        return new SetName("1", to, "other");
    }
}
