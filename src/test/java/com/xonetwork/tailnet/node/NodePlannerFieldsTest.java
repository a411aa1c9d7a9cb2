package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.APPROVED;
import static com.xonetwork.tailnet.status.ConditionType.KEY_EXPIRY_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.NAME_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.TAGS_IN_SYNC;
import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.DeviceAction.SetApproval;
import com.xonetwork.tailnet.node.DeviceAction.SetKeyExpiry;
import com.xonetwork.tailnet.node.DeviceAction.SetName;
import com.xonetwork.tailnet.node.DeviceAction.SetTags;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One device field after the other: name, tags, approval, key expiry. */
class NodePlannerFieldsTest {

    @Nested
    class Name {

        @Test
        void inSync() {
            var answer =
                    Planning.of(node("web-1")).on(device("1", "web-1").build()).plan();
            assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("True/InSync");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void differsOnlyInCase() {
            var answer =
                    Planning.of(node("web-1")).on(device("1", "Web-1").build()).plan();
            assertThat(answer.said(NAME_IN_SYNC)).isEqualTo("False/Progressing");
            assertThat(answer.actions()).containsExactly(new SetName("1", "web-1", "Web-1"));
        }
    }

    @Nested
    class Tags {

        @Test
        void nobodyAsksSoTheyAreLeftAlone() {
            var answer = Planning.of(node("web-1"))
                    .on(device("1", "web-1").tags("tag:hand-made").build())
                    .with(nodeClass("c").hostnames("*"))
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("True/NotManaged");
            assertThat(answer.actions()).isEmpty();
            assertThat(answer.plan().tags()).isEmpty();
            assertThat(answer.plan().classes()).containsExactly("c");
        }

        @Test
        void theWholeSetIsReplaced() {
            var answer = Planning.of(node("web-1").tags("tag:b", "tag:a"))
                    .on(device("1", "web-1").tags("tag:a", "tag:old").build())
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/Progressing");
            assertThat(answer.actions())
                    .containsExactly(new SetTags("1", new TreeSet<>(List.of("tag:a", "tag:b")), "tag:a, tag:old"));
        }

        /** A machine may ask Headscale for them. An import could not write them down, and nobody could write them back. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "tag:a b",
                    "location:sgp1",
                    "tag:1",
                    "tag:a\"b",
                    "tag:a\\b",
                    "tag:ü",
                    "tag:a\n",
                    "tag:",
                    "tag:a\u202eb"
                })
        void aTagThatCannotBeWrittenDownIsNeverTakenAway(String tag) {
            var answer = Planning.of(node("web-1").tags("tag:web"))
                    .on(device("1", "web-1").tags(tag, "tag:old").build())
                    .plan();
            assertThat(answer.actions())
                    .containsExactly(new SetTags(
                            "1",
                            new TreeSet<>(List.of("tag:web", tag)),
                            String.join(", ", new TreeSet<>(List.of(tag, "tag:old")))));

            var settled = Planning.of(node("web-1").tags("tag:web"))
                    .on(device("1", "web-1").tags(tag, "tag:web").build())
                    .plan();
            assertThat(settled.said(TAGS_IN_SYNC)).isEqualTo("True/InSync");
            assertThat(settled.message(TAGS_IN_SYNC)).contains("It keeps [" + tag + "]");
            assertThat(settled.actions()).isEmpty();
        }

        @Test
        void inSyncWhateverTheOrder() {
            var answer = Planning.of(node("web-1").tags("tag:b", "tag:a", "tag:a"))
                    .on(device("1", "web-1").tags("tag:a", "tag:b").build())
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("True/InSync");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void eachSaysWhereItComesFrom() {
            var answer = Planning.of(node("web-1").tags("tag:a", "tag:b"))
                    .on(device("1", "web-1").tags("tag:seen").build())
                    .with(
                            nodeClass("low").hostnames("*").tags("tag:b", "tag:c"),
                            nodeClass("high")
                                    .priority(5)
                                    .matchTags("tag:seen", "tag:unseen")
                                    .tags("tag:c"),
                            nodeClass("other").os("windows").tags("tag:never"))
                    .plan();

            assertThat(answer.plan().tags())
                    .containsExactly(
                            new TagStatus("tag:a", List.of("spec")),
                            new TagStatus("tag:b", List.of("spec", "NodeClass/low")),
                            new TagStatus("tag:c", List.of("NodeClass/high", "NodeClass/low")),
                            new TagStatus("tag:seen", List.of("NodeClass/high (matched)")));
            assertThat(answer.plan().classes()).containsExactly("high", "low");
            assertThat(answer.actions())
                    .as("the tag by which a class matched stays")
                    .containsExactly(new SetTags(
                            "1", new TreeSet<>(List.of("tag:a", "tag:b", "tag:c", "tag:seen")), "tag:seen"));
        }

        @Test
        void aTagThatThePolicyDoesNotOwnIsNotEvenTried() {
            var answer = Planning.of(node("web-1").tags("tag:a", "tag:b"))
                    .on(device("1", "web-1").build())
                    .owned("tag:a")
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/TagNotOwned");
            assertThat(answer.message(TAGS_IN_SYNC))
                    .contains("tag:b")
                    .doesNotContain("tag:a")
                    .contains("tagOwners");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void whatIsThereAlreadyNeedsNoOwner() {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-1").tags("tag:a").build())
                    .owned()
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("True/InSync");
        }

        @Test
        void ownedOnesAreSetAndAnUnknownPolicyStopsNothing() {
            var wanted = node("web-1").tags("tag:a");
            assertThat(Planning.of(wanted)
                            .on(device("1", "web-1").build())
                            .owned("tag:a", "tag:z")
                            .plan()
                            .actions())
                    .hasSize(1);
            assertThat(Planning.of(wanted)
                            .on(device("1", "web-1").build())
                            .plan()
                            .actions())
                    .hasSize(1);
        }

        @Test
        void aRefusalByTheServiceMeansThatItIsNotOwned() {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-1").build())
                    .failed(Field.TAGS, "tag:a", Failing.rejected("requested tags are invalid or not permitted"))
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/TagNotOwned");
            assertThat(answer.message(TAGS_IN_SYNC))
                    .contains("requested tags are invalid or not permitted")
                    .contains("tagOwners");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void anOwnedTagThatMayNotBeGivenLacksTheCredentialsAsOwner() {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-1").build())
                    .owned("tag:a")
                    .failed(
                            Field.TAGS,
                            "tag:a",
                            Failing.rejected("requested tags [tag:a] are invalid or not permitted"))
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/TagNotOwned");
            assertThat(answer.message(TAGS_IN_SYNC))
                    .contains("have owners in the policy file", "OAuth client")
                    .doesNotContain("must give");
        }

        /** Headscale's answers to tag:Web, and to a tag with a blank. */
        @ParameterizedTest
        @ValueSource(strings = {"tag should be lowercase", "tags must not contain spaces"})
        void aRefusalForWhatTheTagIsHasNothingToDoWithOwners(String words) {
            var answer = Planning.of(node("web-1").tags("tag:a"))
                    .on(device("1", "web-1").build())
                    .owned("tag:a")
                    .failed(Field.TAGS, "tag:a", Failing.rejected(words))
                    .plan();

            assertThat(answer.said(TAGS_IN_SYNC)).isEqualTo("False/Rejected");
            assertThat(answer.message(TAGS_IN_SYNC)).contains(words).doesNotContain("tagOwners");
            assertThat(answer.actions()).isEmpty();
        }

        @Test
        void aRefusalOfOtherTagsHoldsNothingBack() {
            var answer = Planning.of(node("web-1").tags("tag:b"))
                    .on(device("1", "web-1").build())
                    .failed(Field.TAGS, "tag:a", Failing.rejected("no"))
                    .plan();

            assertThat(answer.actions()).hasSize(1);
        }
    }

    @Nested
    class Approval {

        @ParameterizedTest
        @CsvSource({
            // wanted, by a class, authorized -> said, action
            " , , true, True/Approved, ",
            " , , false, False/WaitingForApproval, ",
            "true, , true, True/InSync, ",
            "true, , false, False/Progressing, true",
            "false, , false, True/InSync, ",
            "false, , true, False/Progressing, false",
            " , true, false, False/Progressing, true",
            "false, true, true, False/Progressing, false",
        })
        void asWanted(Boolean own, Boolean ofClass, boolean authorized, String said, Boolean action) {
            var machine = device("1", "web-1");
            var answer = Planning.of(node("web-1").approved(own))
                    .on((authorized ? machine : machine.waiting()).build())
                    .with(nodeClass("c").hostnames("*").approved(ofClass))
                    .plan();

            assertThat(answer.said(APPROVED)).isEqualTo(said);
            assertThat(answer.actions())
                    .isEqualTo(
                            action == null
                                    ? List.of()
                                    : List.of(new SetApproval("1", action, authorized ? "approved" : "not approved")));
        }

        @ParameterizedTest
        @CsvSource({" , True/Approved", "true, True/Approved", "false, False/NotSupportedByControlPlane"})
        void whereThereIsNone(Boolean wanted, String said) {
            var answer = Planning.of(node("web-1").approved(wanted))
                    .on(TestView.of(device("1", "web-1").build()).without(Capability.DEVICE_APPROVAL))
                    .plan();

            assertThat(answer.said(APPROVED)).isEqualTo(said);
            assertThat(answer.actions()).isEmpty();
        }

        /** What a control plane can do may be known wrongly; what it says of a device is not doubted. */
        @ParameterizedTest
        @CsvSource({" , False/WaitingForApproval", "true, False/NotSupportedByControlPlane"})
        void aDeviceThatWaitsNeverReadsAsApproved(Boolean wanted, String said) {
            var answer = Planning.of(node("web-1").approved(wanted))
                    .on(TestView.of(device("1", "web-1").waiting().build()).without(Capability.DEVICE_APPROVAL))
                    .plan();

            assertThat(answer.said(APPROVED)).isEqualTo(said);
            assertThat(answer.actions()).isEmpty();
        }
    }

    @Nested
    class Expiry {

        @ParameterizedTest
        @CsvSource({
            " , , true, True/NotManaged, ",
            "DISABLED, , true, True/InSync, ",
            "DISABLED, , false, False/Progressing, true",
            "ENABLED, , false, True/InSync, ",
            "ENABLED, , true, False/Progressing, false",
            " , DISABLED, false, False/Progressing, true",
            "ENABLED, DISABLED, true, False/Progressing, false",
        })
        void asWanted(KeyExpiry own, KeyExpiry ofClass, boolean disabled, String said, Boolean action) {
            var machine = device("1", "web-1");
            var answer = Planning.of(node("web-1").keyExpiry(own))
                    .on((disabled ? machine.keyNeverExpires() : machine).build())
                    .with(nodeClass("c").hostnames("*").keyExpiry(ofClass))
                    .plan();

            assertThat(answer.said(KEY_EXPIRY_IN_SYNC)).isEqualTo(said);
            assertThat(answer.actions())
                    .isEqualTo(
                            action == null
                                    ? List.of()
                                    : List.of(new SetKeyExpiry("1", action, disabled ? "disabled" : "enabled")));
        }

        @ParameterizedTest
        @CsvSource({
            "true, true, LOGIN_RENEWS_TAGGED_DEVICES, true",
            "true, true, AUDIT_LOG, false",
            "true, false, LOGIN_RENEWS_TAGGED_DEVICES, false",
            "false, true, LOGIN_RENEWS_TAGGED_DEVICES, false",
        })
        void isSwitchedOffWhereALoginWouldNotRenewTheKey(
                boolean expired, boolean logsIn, Capability missing, boolean written) {
            var machine = device("1", "web-1")
                    .tags("tag:web")
                    .expires(expired ? Planning.NOW.minusSeconds(1) : Planning.NOW.plusSeconds(1))
                    .build();
            var planning = Planning.of(node("web-1")).on(TestView.of(machine).without(missing));

            assertThat((logsIn ? planning.logsInAnew() : planning).plan().actions())
                    .isEqualTo(written ? List.of(new SetKeyExpiry("1", true, "enabled")) : List.of());
        }

        @ParameterizedTest
        @CsvSource({"DISABLED, KEY_EXPIRY_DISABLE", "ENABLED, KEY_EXPIRY_ENABLE"})
        void eachWayIsACapabilityOfItsOwn(KeyExpiry wanted, Capability needed) {
            var machine = device("1", "web-1");
            var view = TestView.of((wanted == KeyExpiry.ENABLED ? machine.keyNeverExpires() : machine).build());

            assertThat(Planning.of(node("web-1").keyExpiry(wanted))
                            .on(view.without(needed))
                            .plan()
                            .said(KEY_EXPIRY_IN_SYNC))
                    .isEqualTo("False/NotSupportedByControlPlane");
        }
    }
}
