package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.node.Planning.NOW;
import static com.xonetwork.tailnet.status.ConditionType.APPROVED;
import static com.xonetwork.tailnet.status.ConditionType.JOINED;
import static com.xonetwork.tailnet.status.ConditionType.KEY_EXPIRY_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.KEY_VALID;
import static com.xonetwork.tailnet.status.ConditionType.NAME_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.ONLINE;
import static com.xonetwork.tailnet.status.ConditionType.ROUTES_APPROVED;
import static com.xonetwork.tailnet.status.ConditionType.TAGS_IN_SYNC;
import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.DeviceAction.SetApproval;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.Planning.Answer;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NodePlannerTest {

    /** When nothing can be decided, every condition says so, and nothing is done. */
    @Nested
    class Unknown {

        @Test
        void noTailnet() {
            everythingUnknown(
                    Planning.of(node("web-1"))
                            .tailnetIs(null)
                            .on(device("1", "web-1").build())
                            .plan(),
                    "TailnetNotFound",
                    "Tailnet home");
        }

        @Test
        void suspended() {
            everythingUnknown(
                    Planning.of(node("web-1"))
                            .tailnetIs(tailnet("home").suspended().build())
                            .on(device("1", "other").build())
                            .plan(),
                    "Suspended",
                    "spec.suspend");
        }

        @ParameterizedTest
        @EnumSource(
                value = Freshness.class,
                names = {"PENDING", "NEVER"})
        void neverListed(Freshness freshness) {
            everythingUnknown(
                    Planning.of(node("web-1")).on(TestView.empty(freshness)).plan(),
                    "TailnetNotReady",
                    "have not been listed yet");
        }

        @Test
        void listedTooLongAgo() {
            everythingUnknown(
                    Planning.of(node("web-1").tags("tag:a"))
                            .on(TestView.of(device("1", "other").build()).freshness(Freshness.STALE))
                            .plan(),
                    "SnapshotStale",
                    "too old");
        }

        private void everythingUnknown(Answer answer, String reason, String message) {
            assertThat(answer.plan().facts())
                    .extracting(Fact::type)
                    .containsExactly(
                            JOINED,
                            NAME_IN_SYNC,
                            TAGS_IN_SYNC,
                            APPROVED,
                            ROUTES_APPROVED,
                            KEY_EXPIRY_IN_SYNC,
                            KEY_VALID,
                            ONLINE);
            assertThat(answer.plan().facts()).allSatisfy(fact -> {
                assertThat(fact.status()).isEqualTo(Condition.UNKNOWN);
                assertThat(fact.reason()).hasToString(reason);
                assertThat(fact.message()).contains(message);
            });
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.plan().device()).isNull();
            assertThat(answer.plan().lookAgain()).isEmpty();
        }
    }

    /** Which device stands for the node. */
    @Nested
    class Joined {

        @Test
        void theOneThatIsCalledSo() {
            var answer = Planning.of(node("web-1"))
                    .on(
                            device("1", "WEB-1").hostname("x").build(),
                            device("2", "web-2").build())
                    .plan();

            assertThat(answer.said(JOINED)).isEqualTo("True/Joined");
            assertThat(answer.plan().device().id()).isEqualTo("1");
        }

        @Test
        void theOneThatCallsItselfSo() {
            var answer = Planning.of(node("web-1"))
                    .on(device("1", "web-1-1").hostname("Web-1").build())
                    .plan();

            assertThat(answer.said(JOINED)).isEqualTo("True/Joined");
            assertThat(answer.actions()).containsExactly(new SetName("1", "web-1", "web-1-1"));
        }

        @Test
        void none() {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-10").build())
                    .plan();

            without(answer, "DeviceNotFound");
            assertThat(answer.message(JOINED)).contains("web-1").contains("when it joins");
        }

        @Test
        void noneInATailnetWithoutDevices() {
            without(Planning.of(node("web-1")).on().plan(), "DeviceNotFound");
        }

        @Test
        void severalAreListedAndNothingIsWritten() {
            var answer = Planning.of(node("web-1").tags("tag:a").approved(true))
                    .on(
                            device("9", "web-1").waiting().build(),
                            device("12", "web-1-1").hostname("web-1").build(),
                            device("3", "db").build())
                    .plan();

            without(answer, "Ambiguous");
            assertThat(answer.message(JOINED)).contains("ids: 12, 9").contains("spec.deviceId");
        }

        /** A node that joins by the operator cannot name a device. */
        @Test
        void theAdviceFitsANodeThatJoins() {
            var answer = Planning.of(node("web-1").joins("1h"))
                    .on(device("9", "web-1").build(), device("12", "web-1").build())
                    .plan();

            assertThat(answer.message(JOINED))
                    .contains("ids: 12, 9", "Remove the others")
                    .doesNotContain("spec.deviceId");
        }

        /** As after it was installed anew: the old device is left over. */
        @Test
        void ofSeveralItIsTheOneThatTheMachineSaidItIs() {
            var answer = Planning.of(node("web-1").joins("1h").said("12"))
                    .on(device("9", "web-1").build(), device("12", "web-1").build())
                    .plan();

            assertThat(answer.said(JOINED)).isEqualTo("True/Joined");
            assertThat(answer.message(JOINED))
                    .startsWith("device 12. The machine reported that it is this device.")
                    .contains("(ids: 9). Remove from the tailnet those that nobody uses");
        }

        @Test
        void aDeviceOfAnotherNameIsNotItsOwnWhateverTheMachineSays() {
            without(
                    Planning.of(node("web-1").joins("1h").said("3"))
                            .on(
                                    device("9", "web-1").build(),
                                    device("12", "web-1").build(),
                                    device("3", "db").build())
                            .plan(),
                    "Ambiguous");
        }

        @Test
        void aDeviceSharedInIsNotOurs() {
            var shared = device("1", "web-1").external().build();

            without(Planning.of(node("web-1")).on(shared).plan(), "DeviceNotFound");
            without(Planning.of(node("web-1").deviceId("1")).on(shared).plan(), "DeviceNotFound");
            assertThat(Planning.of(node("web-1"))
                            .on(shared, device("2", "web-1").build())
                            .plan()
                            .said(JOINED))
                    .as("it makes no ambiguity either")
                    .isEqualTo("True/Joined");
        }

        @ParameterizedTest
        @CsvSource({"2, 2", "4711, 2"})
        void byEitherIdWhateverItIsCalled(String wanted, String found) {
            var answer = Planning.of(node("web-1").hostname(null).deviceId(wanted))
                    .on(
                            device("1", "web-1").build(),
                            device("2", "web-1").legacyId("4711").build())
                    .plan();

            assertThat(answer.said(JOINED)).isEqualTo("True/Joined");
            assertThat(answer.plan().device().id()).isEqualTo(found);
            assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("True/NotManaged");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void theIdDecidesAndTheHostNameIsWanted() {
            var answer = Planning.of(node("web-1").deviceId("2"))
                    .on(device("1", "other").build(), device("2", "old").build())
                    .plan();

            assertThat(answer.actions()).containsExactly(new SetName("2", "web-1", "old"));
        }

        @Test
        void anIdThatIsNotThereIsNotMadeUpForByTheName() {
            var answer = Planning.of(node("web-1").deviceId("7"))
                    .on(device("1", "web-1").build())
                    .plan();

            without(answer, "DeviceNotFound");
            assertThat(answer.message(JOINED)).contains("id 7");
        }

        @Test
        void aDeviceThatBelongsToAnotherNode() {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-1").build())
                    .claimedBy("older")
                    .plan();

            without(answer, "DuplicateNode");
            assertThat(answer.message(JOINED)).contains("TailnetNode older").contains("device 1");
        }

        private void without(Answer answer, String reason) {
            assertThat(answer.said(JOINED)).isEqualTo("False/" + reason);
            assertThat(answer.said(ONLINE))
                    .as("only what is not there is known to be offline")
                    .isEqualTo((reason.equals("DeviceNotFound") ? "False/" : "Unknown/") + reason);
            for (var type :
                    List.of(NAME_IN_SYNC, TAGS_IN_SYNC, APPROVED, ROUTES_APPROVED, KEY_EXPIRY_IN_SYNC, KEY_VALID)) {
                assertThat(answer.said(type)).isEqualTo("Unknown/" + reason);
            }
            assertThat(answer.plan().facts()).hasSize(8);
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.plan().device()).isNull();
        }
    }

    /** Single values: the spec, else the first class that has one, whatever lesser classes say. */
    @Test
    void theHighestClassThatSaysSomethingDecides() {
        var answer = Planning.of(node("web-1"))
                .on(device("1", "web-1").waiting().build())
                .with(
                        nodeClass("silent").hostnames("*").priority(100),
                        nodeClass("low")
                                .hostnames("*")
                                .priority(1)
                                .approved(false)
                                .keyExpiry(KeyExpiry.ENABLED),
                        nodeClass("b").hostnames("*").priority(10).approved(false),
                        nodeClass("a").hostnames("*").priority(10).approved(true),
                        nodeClass("high")
                                .os("windows")
                                .priority(50)
                                .approved(false)
                                .keyExpiry(KeyExpiry.DISABLED))
                .plan();

        assertThat(answer.actions()).containsExactly(new SetApproval("1", true, "not approved"));
        assertThat(answer.said(KEY_EXPIRY_IN_SYNC)).isEqualTo("True/InSync");
        assertThat(answer.plan().classes()).containsExactly("silent", "a", "b", "low");
    }

    @Test
    void aCapabilityThatIsMissingIsNamedAndNothingIsTried() {
        var answer = Planning.of(node("web-1").tags("tag:a").deviceId("1"))
                .on(TestView.of(device("1", "other").build()).without(Capability.DEVICE_TAGS, Capability.DEVICE_NAME))
                .plan();

        assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/NotSupportedByControlPlane");
        assertThat(answer.message(TAGS_IN_SYNC)).contains("DEVICE_TAGS");
        assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/NotSupportedByControlPlane");
        assertThat(answer.message(NAME_IN_SYNC)).contains("DEVICE_NAME");
        assertThat(answer.actions()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailedAttemptIsReportedAndNotRepeated(ControlPlaneException why) {
        var answer = Planning.of(node("web-1").deviceId("1"))
                .on(device("1", "old").build())
                .failed(Field.NAME, "web-1", why)
                .plan();

        assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/" + Failures.reason(why));
        assertThat(answer.message(NAME_IN_SYNC))
                .contains(Failures.message(why))
                .contains("wanted web-1, the device has old");
        assertThat(answer.actions()).isEmpty();
    }

    static Stream<ControlPlaneException> failures() {
        return Failing.ofEachKind();
    }

    @Test
    void aFailureOfOneFieldHoldsNoOtherBack() {
        var answer = Planning.of(node("web-1").deviceId("1").tags("tag:a").approved(true))
                .on(device("1", "old").waiting().build())
                .failed(Field.NAME, "web-1", Failing.rejected("taken"))
                .plan();

        assertThat(answer.actions()).extracting(DeviceAction::field).containsExactly(Field.TAGS, Field.APPROVAL);
    }

    @Nested
    class Online {

        @Test
        void connected() {
            assertThat(on(device("1", "web-1")).said(ONLINE)).isEqualTo("True/Connected");
        }

        @Test
        void notConnected() {
            assertThat(on(device("1", "web-1").offline()).said(ONLINE)).isEqualTo("False/Offline");
        }

        @ParameterizedTest
        @CsvSource({"-1, False/KeyExpired", "0, False/KeyExpired", "1, True/Connected"})
        void anExpiredKeyIsNotOnlineWhateverTheServiceShows(int seconds, String said) {
            assertThat(on(device("1", "web-1").expires(NOW.plusSeconds(seconds)))
                            .said(ONLINE))
                    .isEqualTo(said);
        }

        @Test
        void aKeyThatNeverExpiresHasNoDate() {
            var answer = on(device("1", "web-1").keyNeverExpires().expires(NOW.minusSeconds(1)));
            assertThat(answer.said(ONLINE)).isEqualTo("True/Connected");
            assertThat(answer.plan().lookAgain()).isEmpty();
        }

        @Test
        void looksAgainWhenTheKeyExpires() {
            var answer = on(device("1", "web-1").expires(NOW.plusSeconds(600)));
            assertThat(answer.plan().lookAgain()).contains(Duration.ofSeconds(601));
            assertThat(on(device("1", "web-1").expires(NOW.minusSeconds(600)))
                            .plan()
                            .lookAgain())
                    .as("a date that has passed brings nothing new")
                    .isEmpty();
        }

        private Answer on(com.xonetwork.tailnet.testing.TestDevice machine) {
            return Planning.of(node("web-1")).on(machine.build()).plan();
        }
    }
}
