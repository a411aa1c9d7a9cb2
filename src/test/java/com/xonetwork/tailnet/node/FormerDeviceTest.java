package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.node.Planning.NOW;
import static com.xonetwork.tailnet.status.ConditionType.JOINED;
import static com.xonetwork.tailnet.status.ConditionType.NAME_IN_SYNC;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.node.DeviceAction.PutAside;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.Planning.Answer;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.TestDevice;
import com.xonetwork.tailnet.testing.TestNode;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A machine that was installed anew is device 7; it was device 5, which has the name. */
class FormerDeviceTest {

    private static final Instant JOINED_AT = NOW.minus(Duration.ofMinutes(5));
    private static final PutAside ASIDE = new PutAside("5", "web-1-replaced-5", "web-1");
    private static final SetName OWN = new SetName("7", "web-1", "web-1-1");

    private final TestNode web = node("web-1").ssh("192.0.2.10").said("7").was("5");

    private static TestDevice former() {
        return device("5", "web-1").offline().lastSeen(JOINED_AT.minusSeconds(60));
    }

    private static TestDevice now() {
        return device("7", "web-1-1").hostname("web-1").created(JOINED_AT);
    }

    private static Answer plan(TestNode node, TestDevice former, TestDevice now) {
        return Planning.of(node).on(former.build(), now.build()).plan();
    }

    @Test
    void theFormerDeviceIsRenamedAndTheNameIsTheNewOnes() {
        var answer = plan(web, former(), now());

        assertThat(answer.actions()).containsExactly(ASIDE, OWN);
        assertThat(answer.plan().device().id()).isEqualTo("7");
        assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/Progressing");
        assertThat(answer.message(NAME_IN_SYNC))
                .contains("Device 5, which this machine was before, still has the name")
                .contains("the operator is setting the name to web-1-replaced-5. The device has web-1");
    }

    /** The operator owns the life of the node's device; this one is the node's no longer, by the word of a machine alone. */
    @Test
    void itIsNeverDeleted() {
        assertThat(plan(web.deletionPolicy(DeletionPolicy.DELETE), former(), now())
                        .actions())
                .containsExactly(ASIDE, OWN);
    }

    @Test
    void afterwardsTheNodeIsAsWantedAndSaysWhatIsLeft() {
        var aside = device("5", "web-1-replaced-5").hostname("web-1").offline().lastSeen(JOINED_AT.minusSeconds(60));
        var answer = plan(web, aside, device("7", "web-1").created(JOINED_AT));

        assertThat(answer.actions()).isEmpty();
        assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("True/InSync");
        assertThat(answer.message(JOINED))
                .isEqualTo("device 7. The machine was reinstalled. Its former devices were renamed"
                        + " (ids: 5). They stay in the tailnet, with their tags and approved routes: remove them if nobody"
                        + " needs them");
        assertThat(answer.plan().settled()).containsEntry(DeviceAction.Field.FORMER_NAME, "web-1-replaced-5");
    }

    /** Else the node would wait for a machine that is gone, and no join key would be made. */
    @Test
    void aRenamedDeviceStandsForTheNodeNoMore() {
        var aside = device("5", "web-1-replaced-5").hostname("web-1").offline().build();
        var answer = Planning.of(web).on(aside).plan();
        assertThat(answer.said(JOINED)).isEqualTo("False/DeviceNotFound");
        assertThat(answer.message(JOINED))
                .contains(
                        "no device called web-1 except web-1-replaced-5, the former device of the reinstalled machine");
        assertThat(Planning.of(node("web-1")).on(aside).plan().said(JOINED)).isEqualTo("False/DeviceNotFound");
        // An older run says so, as when the newest were deleted.
        assertThat(Planning.of(node("web-1").said("5")).on(aside).plan().said(JOINED))
                .isEqualTo("False/DeviceNotFound");
        assertThat(Planning.of(node("old").hostname("web-1-replaced-5"))
                        .on(aside)
                        .plan()
                        .said(JOINED))
                .as("by its new name it can be asked for")
                .isEqualTo("True/Joined");
    }

    @Test
    void aRenamedDeviceThatIsBackIsTheNodesWhenTheMachineSaysSo() {
        var back = device("5", "web-1-replaced-5").hostname("web-1").created(NOW.minus(Duration.ofDays(9)));
        var gone = device("7", "web-1").offline().lastSeen(NOW.minusSeconds(90)).created(JOINED_AT);
        var answer = plan(node("web-1").ssh("192.0.2.10").said("5").was("7"), gone, back);

        assertThat(answer.plan().device().id()).isEqualTo("5");
        assertThat(answer.actions()).containsExactly(new SetName("5", "web-1", "web-1-replaced-5"));
        assertThat(answer.message(JOINED))
                .contains("does not rename device 7, because device 7 was connected after device 5 had joined");
    }

    /** One thing that must hold does not: all is as it was, and a human is told what to do. */
    @Nested
    class Guards {

        @Test
        void notTheNodesDeviceBefore() {
            untouched(plan(node("web-1").ssh("192.0.2.10").said("7"), former(), now()), "");
            untouched(plan(node("web-1").ssh("192.0.2.10").said("7").was("7"), former(), now()), "");
            untouched(plan(node("web-1").ssh("192.0.2.10").said("7").was("6"), former(), now()), "");
        }

        /** Of two devices of one name it is not even known which is the node's. */
        @Test
        void theMachineHasNotSaidWhichItIs() {
            var answer = plan(node("web-1").ssh("192.0.2.10").was("5"), former(), now());
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.said(JOINED)).isEqualTo("False/Ambiguous");

            var renamed = former().hostname("other");
            untouched(
                    plan(
                            node("web-1").ssh("192.0.2.10").was("5"),
                            renamed,
                            device("7", "x").hostname("web-1")),
                    null);
        }

        @Test
        void aNodeWhoseMachineIsNotReachedOverSsh() {
            untouched(plan(node("web-1").said("7").was("5"), former(), now()), "");
        }

        @Test
        void connected() {
            untouched(plan(web, device("5", "web-1"), now()), "device 5 is connected");
        }

        @Test
        void seenAfterTheNewOneJoined() {
            untouched(plan(web, former().lastSeen(JOINED_AT.plusMillis(1)), now()), "after device 7 had joined");
        }

        @Test
        void notKnownWhen() {
            untouched(plan(web, former().lastSeen(null), now()), "does not report when");
            untouched(plan(web, former(), now().created(null)), "does not report when");
        }

        @Test
        void theNewOneIsNotOnline() {
            untouched(plan(web, former(), now().offline()), "device 7 is not online");
            untouched(plan(web, former(), now().expires(NOW.minusSeconds(1))), "device 7 is not online");
        }

        @Test
        void anotherNodeCouldMeanIt() {
            untouched(
                    Planning.of(web)
                            .others("db", "web-2")
                            .on(former().build(), now().build())
                            .plan(),
                    "TailnetNode db, web-2 also matches device 5");
        }

        @Test
        void ephemeral() {
            untouched(plan(web, former().ephemeral(), now()), "ephemeral");
        }

        @Test
        void sharedIn() {
            untouched(plan(web, former().external(), now()), "another tailnet");
        }

        @Test
        void itsMachineCallsItselfOtherwise() {
            untouched(plan(web, former().hostname("db-1"), now()), "the machine of device 5 has the host name db-1");
        }

        @Test
        void itHasAnotherName() {
            untouched(
                    plan(web, device("5", "db-1").hostname("web-1").offline().lastSeen(NOW.minusSeconds(900)), now()),
                    "");
        }

        @Test
        void anIdThatIsNoPartOfAName() {
            var odd = device("5/../1", "web-1").offline().lastSeen(JOINED_AT.minusSeconds(60));
            untouched(
                    plan(node("web-1").ssh("192.0.2.10").said("7").was("5/../1"), odd, now()),
                    "cannot be part of a DNS name");
        }

        /** @param why in the message; null where the message is another one altogether */
        private void untouched(Answer answer, String why) {
            assertThat(answer.actions()).noneMatch(action -> action.deviceId().startsWith("5"));
            if (why == null) {
                return;
            }
            var told = answer.message(JOINED);
            if (why.isEmpty()) {
                assertThat(told).doesNotContain("does not rename");
            } else {
                assertThat(told).contains("The operator does not rename device").contains(why);
            }
        }
    }

    /** What holds the operator back from any write holds here. */
    @Nested
    class WritesAreHeld {

        @Test
        void modeObserve() {
            var answer = plan(web.mode(Mode.OBSERVE), former(), now());
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.plan().withheld()).containsExactly(ASIDE);
            assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/Differs");
            assertThat(answer.message(NAME_IN_SYNC)).contains("mode is Observe");
            assertThat(answer.message(JOINED)).contains("Remove from the tailnet those that nobody uses");
        }

        @Test
        void aSuspendedTailnet() {
            assertThat(Planning.of(web)
                            .tailnetIs(tailnet("home").suspended().build())
                            .on(former().build(), now().build())
                            .plan()
                            .actions())
                    .isEmpty();
        }

        @Test
        void anOldList() {
            assertThat(Planning.of(web)
                            .on(TestView.of(former().build(), now().build()).freshness(Freshness.STALE))
                            .plan()
                            .actions())
                    .isEmpty();
        }

        @Test
        void aControlPlaneThatNamesNothing() {
            var answer = Planning.of(web)
                    .on(TestView.of(former().build(), now().build()).without(Capability.DEVICE_NAME))
                    .plan();
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/NotSupportedByControlPlane");
        }

        @Test
        void aRefusalAndARival() {
            var refused = Planning.of(web)
                    .failed(
                            DeviceAction.Field.FORMER_NAME,
                            "web-1-replaced-5",
                            new ControlPlaneException.Rejected(400, "node name is not unique"))
                    .on(former().build(), now().build())
                    .plan();
            assertThat(refused.actions())
                    .as("the own name would be refused too")
                    .isEmpty();
            assertThat(refused.said(NAME_IN_SYNC)).isEqualTo("False/Rejected");
            assertThat(refused.message(NAME_IN_SYNC))
                    .contains("node name is not unique")
                    .contains("Device 5");

            var contested = Planning.of(web)
                    .contested(DeviceAction.Field.FORMER_NAME, "web-1-replaced-5")
                    .on(former().build(), now().build())
                    .plan();
            assertThat(contested.actions()).isEmpty();
            assertThat(contested.said(NAME_IN_SYNC)).isEqualTo("False/Contested");
        }
    }

    /** What a status keeps when the machine says that it is device 7. */
    @Nested
    class Recorded {

        @Test
        void whatTheOperatorSawAndTheMachineSaid() {
            assertThat(FormerDevice.recorded(status("5", "5", null), "7")).isEqualTo("5");
            assertThat(FormerDevice.recorded(status("5", "5", "3"), "7")).isEqualTo("5");
        }

        @Test
        void notWhatOnlyOneOfThemDid() {
            assertThat(FormerDevice.recorded(status("5", null, null), "7")).isNull();
            assertThat(FormerDevice.recorded(status(null, "5", null), "7")).isNull();
            assertThat(FormerDevice.recorded(status("4", "5", null), "7")).isNull();
            assertThat(FormerDevice.recorded(status("4", "5", "3"), "7")).isEqualTo("3");
            assertThat(FormerDevice.recorded(status("7", "7", null), "7")).isNull();
        }

        @Test
        void itIsKeptWhileTheDeviceIsThere() {
            assertThat(keptBeside(former().build())).isEqualTo("5");
            assertThat(keptBeside()).isNull();
        }

        private String keptBeside(Device... more) {
            var devices = new ArrayList<>(List.of(more));
            devices.add(now().build());
            var outcome = Planning.of(web).on(devices.toArray(Device[]::new)).outcome();
            return NodeStatuses.of(web.build(), outcome, NOW).formerDeviceId();
        }

        private static TailnetNodeStatus status(String device, String said, String former) {
            return new TailnetNodeStatus(
                            1L, List.of(), device, null, null, List.of(), null, null, null, List.of(), List.of(),
                            List.of(), null)
                    .saying(said, former);
        }
    }
}
