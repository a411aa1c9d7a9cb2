package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.testing.Kind;
import com.xonetwork.tailnet.testing.Kinds;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConditionTypeTest {

    private static final List<String> SUMMARY = List.of("Ready", "Reconciling", "Stalled");

    /** Part of the API: dashboards, GitOps tools and {@code kubectl wait} compare with them. A new one need not be added here. */
    @Test
    void noWordIsTakenBack() {
        assertThat(Stream.of(ConditionType.values()).map(ConditionType::toString))
                .contains(
                        "Ready",
                        "Reconciling",
                        "Stalled",
                        "CredentialsValid",
                        "Reachable",
                        "DevicesListed",
                        "ClockInSync",
                        "PolicyInSync",
                        "DevicesImported",
                        "WebhookReady",
                        "GarbageCollection",
                        "Accepted",
                        "Published",
                        "Advertised",
                        "Joined",
                        "NameInSync",
                        "TagsInSync",
                        "Approved",
                        "Serving",
                        "RoutesApproved",
                        "KeyExpiryInSync",
                        "KeyValid",
                        "Online",
                        "JoinKeyReady",
                        "MachineInSync",
                        "RemediationAllowed",
                        "StormActive",
                        "NodesHealthy",
                        "Valid",
                        "Succeeded",
                        "Started",
                        "HostKeysRecorded");
    }

    @ParameterizedTest
    @EnumSource(ConditionType.class)
    void isFoundByItsWord(ConditionType type) {
        assertThat(ConditionType.of(type.toString())).contains(type);
    }

    @ParameterizedTest
    @EnumSource(ConditionType.class)
    void isOnSomeKind(ConditionType type) {
        assertThat(Kinds.ALL).anyMatch(kind -> type.isOn(kind.type()));
    }

    @ParameterizedTest
    @EnumSource(ConditionType.class)
    void isGoodWhenTrueExceptForWhatIsInTheWay(ConditionType type) {
        assertThat(type.goodStatus())
                .isEqualTo(
                        List.of("Reconciling", "Stalled", "StormActive").contains(type.toString()) ? "False" : "True");
    }

    static Stream<Kind> kinds() {
        return Kinds.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindHasTheSummary(Kind kind) {
        assertThat(Stream.of(ConditionType.values())
                        .filter(ConditionType::isSummary)
                        .filter(type -> type.isAlwaysOn(kind.type())))
                .extracting(ConditionType::toString)
                .containsExactlyElementsOf(SUMMARY);
    }

    @Test
    void whatIsNotAlwaysThereIsNoneOfTheFactsOfAKind() {
        assertThat(ConditionType.factsOf(TailnetNode.class))
                .extracting(ConditionType::toString)
                .containsExactly(
                        "Joined",
                        "NameInSync",
                        "TagsInSync",
                        "Approved",
                        "RoutesApproved",
                        "KeyExpiryInSync",
                        "KeyValid",
                        "Online");
        assertThat(ConditionType.MACHINE_IN_SYNC.isOn(TailnetNode.class)).isTrue();
    }

    @Test
    void aFactDoesNotStandBesideItself() {
        assertThat(ConditionType.factsBeside(ConditionType.ACCEPTED, ExitNode.class))
                .containsExactly(ConditionType.ADVERTISED, ConditionType.APPROVED, ConditionType.SERVING);
    }
}
