package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.NAME_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.TAGS_IN_SYNC;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.NodeInput.Attempt;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What follows from what came of a plan, without a second plan. */
class NodePlanTest {

    private final Planning web = Planning.of(node("web-1").tags("tag:a"))
            .on(device("1", "web").hostname("web-1").build());

    private NodePlan plan() {
        return NodePlanner.plan(web.input());
    }

    @Test
    void whereNothingWasDoneAllIsAsPlanned() {
        var plan = plan();

        assertThat(plan.after(DeviceOutcome.nothing(plan.input()))).isSameAs(plan.devices());
    }

    @Test
    void whatWasWrittenIsSoAndWhatFailedRests() {
        var plan = plan();
        assertThat(plan.devices().actions()).extracting(DeviceAction::field).containsExactly(Field.NAME, Field.TAGS);
        var tags = new TreeSet<>(Set.of("tag:a"));
        var written = plan.input().view().withDevice("1", device -> device.withTags(tags));
        var held = new WriteMemory.Held(
                Map.of(new Attempt(Field.NAME, "web-1"), Failing.unavailable()), Optional.of(Duration.ofSeconds(7)));

        var now = plan.after(new DeviceOutcome(written, held, Optional.empty()));

        assertThat(now.fact(TAGS_IN_SYNC).isTrue()).isTrue();
        assertThat(now.fact(NAME_IN_SYNC).reason()).isEqualTo(Reason.CONTROL_PLANE_UNAVAILABLE);
        assertThat(now.device().tags()).containsExactly("tag:a");
        assertThat(now.settled()).containsOnlyKeys(Field.TAGS);
        assertThat(now.lookAgain()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aDifferenceIsSomebodysDoingIfTheFieldWasAsWanted() {
        web.wasAsWanted(Field.TAGS, "tag:a");
        var plan = plan();

        assertThat(plan.devices().actions())
                .filteredOn(plan::isDrift)
                .extracting(DeviceAction::field)
                .containsExactly(Field.TAGS);
    }

    /** What was wanted of the device before was never so on this one. */
    @Test
    void onAnotherDeviceNobodyHasChangedAnything() {
        web.wasAsWanted(Field.TAGS, "tag:a").fightsOver(Field.NAME, "web-1").stoodFor("7");
        var plan = plan();

        assertThat(plan.isAnotherDevice()).isTrue();
        assertThat(plan.devices().actions()).hasSize(2).noneMatch(plan::isDrift);
        assertThat(plan.fight()).isEmpty();
        web.stoodFor("1");
        assertThat(plan().isAnotherDevice()).isFalse();
        assertThat(plan().fight()).isPresent();
    }

    @Test
    void aFightIsNewsOnceAndTheRivalIsNamedInTheFact() {
        web.fightsOver(Field.TAGS, "tag:a");
        var plan = plan();
        assertThat(plan.fight()).contains(new NodePlan.Fight(Set.of(Field.TAGS), Optional.of("1")));

        var nothing = DeviceOutcome.nothing(plan.input());
        var now = plan.after(new DeviceOutcome(nothing.view(), nothing.held(), Optional.of("lion@example.com")));

        assertThat(now.fact(TAGS_IN_SYNC).reason()).isEqualTo(Reason.CONTESTED);
        assertThat(now.fact(TAGS_IN_SYNC).message()).startsWith("lion@example.com keeps changing the tags");
        assertThat(Planning.of(node("web-1").tags("tag:a"))
                        .on(device("1", "web-1").build())
                        .contested(Field.TAGS, "tag:a")
                        .input())
                .satisfies(given -> assertThat(NodePlanner.plan(given).fight()).isEmpty());
    }
}
