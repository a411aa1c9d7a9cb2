package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.testing.Kind;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConditionTypeTest {

    private static final List<String> SUMMARY = List.of("Ready", "Reconciling", "Stalled");

    /** Part of the API: dashboards, GitOps tools and {@code kubectl wait} compare with them. */
    @Test
    void words() {
        assertThat(Stream.of(ConditionType.values()).map(ConditionType::toString))
                .containsExactlyInAnyOrder(
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

    static Stream<Arguments> told() {
        return Stream.of(
                told(Tailnet.class, "Stalled", "CredentialsValid", "Reachable", "ClockInSync"),
                told(TailnetNode.class, "Stalled", "Joined", "Online"),
                told(NodeClass.class),
                told(AclPolicy.class, "Stalled", "Accepted"),
                told(SubnetRoute.class, "Stalled", "Accepted", "Serving"),
                told(ExitNode.class, "Stalled", "Serving"),
                told(HealPolicy.class, "Stalled", "StormActive"),
                told(AutomationTemplate.class, "Valid"),
                told(AutomationRun.class, "Succeeded", "Started", "HostKeysRecorded"));
    }

    private static Arguments told(Class<? extends HasMetadata> kind, String... words) {
        return Arguments.of(kind, List.of(words));
    }

    @ParameterizedTest
    @MethodSource
    void told(Class<? extends HasMetadata> kind, List<String> words) {
        assertThat(ConditionType.toldOf(kind))
                .extracting(ConditionType::toString)
                .containsExactlyInAnyOrderElementsOf(words);
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
