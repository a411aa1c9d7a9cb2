package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TailnetPlannerTest {

    private static final List<ConditionType> ALL = List.of(
            ConditionType.CREDENTIALS_VALID,
            ConditionType.REACHABLE,
            ConditionType.DEVICES_LISTED,
            ConditionType.CLOCK_IN_SYNC,
            ConditionType.POLICY_IN_SYNC,
            ConditionType.DEVICES_IMPORTED,
            ConditionType.WEBHOOK_READY,
            ConditionType.GARBAGE_COLLECTION);

    /** Nothing was tried, so nothing is known to be wrong. */
    @ParameterizedTest
    @EnumSource(names = {"SUSPENDED", "DUPLICATE_TAILNET", "PENDING"})
    void blockedSaysItOfEverything(Reason reason) {
        assertThat(TailnetPlanner.unresolved(new Unresolved(reason, "why")))
                .containsExactlyElementsOf(ALL.stream()
                        .map(type -> Fact.unknown(type, reason, "why"))
                        .toList());
    }

    @Test
    void aWrongSecretIsAboutTheCredentials() {
        onlyFalse(
                TailnetPlanner.unresolved(new Unresolved(Reason.SECRET_NOT_FOUND, "no Secret")),
                ConditionType.CREDENTIALS_VALID);
    }

    @Test
    void aRefusedUrlIsAboutReachability() {
        onlyFalse(TailnetPlanner.unresolved(new Unresolved(Reason.URL_REFUSED, "plain http")), ConditionType.REACHABLE);
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(
                        Failing.unauthorized(), Condition.FALSE, Reason.UNAUTHORIZED, Condition.TRUE, Reason.REACHABLE),
                Arguments.of(Failing.forbidden(), Condition.FALSE, Reason.FORBIDDEN, Condition.TRUE, Reason.REACHABLE),
                Arguments.of(
                        Failing.notFound(),
                        Condition.UNKNOWN,
                        Reason.TAILNET_NOT_FOUND,
                        Condition.FALSE,
                        Reason.TAILNET_NOT_FOUND),
                Arguments.of(
                        Failing.rejected("link-local address"),
                        Condition.UNKNOWN,
                        Reason.URL_REFUSED,
                        Condition.FALSE,
                        Reason.URL_REFUSED),
                Arguments.of(
                        Failing.unavailable(),
                        Condition.UNKNOWN,
                        Reason.CONTROL_PLANE_UNAVAILABLE,
                        Condition.FALSE,
                        Reason.CONTROL_PLANE_UNAVAILABLE),
                Arguments.of(
                        Failing.rateLimited(Duration.ofSeconds(42)),
                        Condition.UNKNOWN,
                        Reason.RATE_LIMITED,
                        Condition.FALSE,
                        Reason.RATE_LIMITED),
                Arguments.of(
                        Failing.conflict(),
                        Condition.UNKNOWN,
                        Reason.POLICY_CHANGED_MEANWHILE,
                        Condition.FALSE,
                        Reason.POLICY_CHANGED_MEANWHILE),
                Arguments.of(
                        Failing.notSupported(),
                        Condition.UNKNOWN,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                        Condition.FALSE,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE));
    }

    /** Whatever was listed before: what is wrong now is said now. */
    @ParameterizedTest
    @MethodSource("troubles")
    void everyTrouble(
            ControlPlaneException trouble,
            String credentials,
            Reason credentialsWhy,
            String reachable,
            Reason reachableWhy) {
        for (var view : List.of(TestView.empty(Freshness.NEVER), TestView.of(plain("1")))) {
            var facts = TailnetPlanner.connection(view.trouble(trouble).build());

            assertThat(facts)
                    .extracting(fact -> fact.type().toString())
                    .containsExactly("CredentialsValid", "Reachable", "DevicesListed", "ClockInSync");
            is(facts.get(0), credentials, credentialsWhy);
            is(facts.get(1), reachable, reachableWhy);
            assertThat(facts.subList(0, 2))
                    .filteredOn(fact -> !fact.isTrue())
                    .allSatisfy(fact -> assertThat(fact.message()).contains(String.valueOf(trouble.getMessage())));
        }
    }

    @Test
    void aTailnetThatIsNotThereReadsSoInTheSummary() {
        var facts = TailnetPlanner.connection(
                TestView.empty(Freshness.NEVER).trouble(Failing.notFound()).build());

        assertThat(Conditions.summarize(facts, "fine"))
                .filteredOn(fact -> fact.type().equals(ConditionType.READY))
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.reason()).isEqualTo(Reason.TAILNET_NOT_FOUND);
                    assertThat(ready.message()).contains("Check the URL and the tailnet's name");
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Freshness.class,
            names = {"PENDING", "NEVER"})
    void notAskedYet(Freshness freshness) {
        assertThat(TailnetPlanner.connection(TestView.empty(freshness).build()))
                .allSatisfy(fact -> is(fact, Condition.UNKNOWN, Reason.NOT_LISTED_YET));
    }

    @Test
    void allIsWell() {
        var facts = TailnetPlanner.connection(TestView.of().build());

        is(facts.get(0), Condition.TRUE, Reason.VALID);
        is(facts.get(1), Condition.TRUE, Reason.REACHABLE);
        is(facts.get(2), Condition.TRUE, Reason.READY);
        is(facts.get(3), Condition.TRUE, Reason.IN_SYNC);
    }

    @Test
    void clocksThatDifferAreToldWithWhatToDoAndLeaveTheTailnetReady() {
        var facts = TailnetPlanner.connection(
                TestView.of().clockAhead(Duration.ofSeconds(270)).build());

        is(facts.get(3), Condition.FALSE, Reason.CLOCK_SKEW);
        assertThat(facts.get(3).message())
                .startsWith("the operator's clock is 4m30s ahead of the control plane's.")
                .contains("chrony", "systemd-timesyncd", "date -u");
        assertThat(Conditions.summarize(facts, "fine").getFirst().isTrue()).isTrue();

        var behind = TailnetPlanner.connection(
                TestView.of().clockAhead(Duration.ofMinutes(-10)).build());
        assertThat(behind.get(3).message()).startsWith("the operator's clock is 10m behind the control plane's.");
    }

    @Test
    void clocksThatAreHoursApartWaitForAHuman() {
        var facts = TailnetPlanner.connection(
                TestView.of().clockAhead(Duration.ofMinutes(-61)).build());

        is(facts.get(3), Condition.FALSE, Reason.CLOCK_TOO_FAR_OFF);
        assertThat(facts.get(3).message()).contains("1h1m behind", "No join key is made");
        assertThat(Conditions.summarize(facts, "fine"))
                .filteredOn(fact -> fact.type().equals(ConditionType.STALLED))
                .singleElement()
                .satisfies(fact -> assertThat(fact.isTrue()).isTrue());
    }

    /** A control plane behind a proxy that takes the date out works as before. */
    @Test
    void anUnknownTimeIsNoTrouble() {
        var facts = TailnetPlanner.connection(TestView.of().clockAhead(null).build());

        is(facts.get(3), Condition.UNKNOWN, Reason.CLOCK_NOT_COMPARED);
        assertThat(Conditions.summarize(facts, "fine").getFirst().isTrue()).isTrue();
    }

    @Test
    void theLastListIsTooOld() {
        var listed = listed(TestView.of(plain("1"))
                .freshness(Freshness.STALE)
                .trouble(Failing.unavailable())
                .build());

        is(listed, Condition.UNKNOWN, Reason.SNAPSHOT_STALE);
        assertThat(listed.message()).contains(TestView.TAKEN_AT.toString(), "the service is down");
    }

    @Test
    void aFailureDoesNotAgeTheList() {
        is(listed(TestView.of(plain("1")).trouble(Failing.unavailable()).build()), Condition.TRUE, Reason.READY);
    }

    @Test
    void aListThatLostTooManyIsNotBelieved() {
        var facts = TailnetPlanner.connection(
                TestView.of(plain("1"), plain("2"), plain("3")).suspect(0).build());

        is(facts.get(0), Condition.TRUE, Reason.VALID);
        is(facts.get(1), Condition.TRUE, Reason.REACHABLE);
        is(facts.get(2), Condition.UNKNOWN, Reason.SUSPECT_DEVICE_LIST);
        assertThat(facts.get(2).message()).contains("has 0 devices, and the list in use has 3.");
    }

    private static Fact listed(TailnetView view) {
        return TailnetPlanner.connection(view).get(2);
    }

    private static void is(Fact fact, String status, Reason reason) {
        assertThat(fact.status()).as(fact.type().toString()).isEqualTo(status);
        assertThat(fact.reason()).as(fact.type().toString()).isEqualTo(reason);
    }

    private static void onlyFalse(List<Fact> facts, ConditionType type) {
        assertThat(facts).extracting(Fact::type).containsExactlyElementsOf(ALL);
        assertThat(facts)
                .allSatisfy(fact -> assertThat(fact.status())
                        .as(fact.type().toString())
                        .isEqualTo(fact.type().equals(type) ? Condition.FALSE : Condition.UNKNOWN));
    }
}
