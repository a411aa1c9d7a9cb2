package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TailnetPlannerTest {

    @Test
    void allIsWell() {
        assertThat(said(TestView.of(plain("1"))))
                .containsExactly("CredentialsValid True/Valid", "Reachable True/Reachable", "DevicesListed True/Ready");
    }

    @ParameterizedTest
    @EnumSource(
            value = Freshness.class,
            names = {"PENDING", "NEVER"})
    void notAskedYet(Freshness freshness) {
        assertThat(said(TestView.empty(freshness)))
                .containsExactly(
                        "CredentialsValid Unknown/NotListedYet",
                        "Reachable Unknown/NotListedYet",
                        "DevicesListed Unknown/NotListedYet");
    }

    /** A refusal is an answer too: the credentials are wrong, not the line. */
    @ParameterizedTest
    @CsvSource({"unauthorized, Unauthorized", "forbidden, Forbidden"})
    void wrongCredentials(String kind, String reason) {
        var why = kind.equals("forbidden") ? Failing.forbidden() : Failing.unauthorized();

        assertThat(said(TestView.empty(Freshness.NEVER).trouble(why)))
                .containsExactly(
                        "CredentialsValid False/" + reason,
                        "Reachable True/Reachable",
                        "DevicesListed Unknown/NotListedYet");
    }

    @Test
    void anOutageSaysNothingOfTheCredentialsAndKeepsAYoungList() {
        assertThat(said(TestView.of(plain("1")).trouble(Failing.unavailable())))
                .containsExactly(
                        "CredentialsValid Unknown/ControlPlaneUnavailable",
                        "Reachable False/ControlPlaneUnavailable",
                        "DevicesListed True/Ready");
    }

    @Test
    void aWrongPlace() {
        assertThat(said(TestView.empty(Freshness.NEVER).trouble(Failing.notFound())))
                .contains("Reachable False/TailnetNotFound");
        assertThat(said(TestView.empty(Freshness.NEVER).trouble(Failing.rejected("address is refused"))))
                .contains("Reachable False/UrlRefused");
    }

    @ParameterizedTest
    @MethodSource("com.xonetwork.tailnet.testing.Failing#ofEachKind")
    void everyTroubleIsReadableAndNeverReady(ControlPlaneException why) {
        var facts = TailnetPlanner.connection(
                TestView.empty(Freshness.NEVER).trouble(why).build());

        assertThat(facts).hasSize(3);
        assertThat(facts)
                .extracting(Fact::message)
                .anySatisfy(message -> assertThat(message).contains(Failures.message(why)));
        assertThat(facts.getFirst().isTrue()).isFalse();
    }

    @Test
    void aStaleListSaysFromWhenItIsAndWhy() {
        var facts = TailnetPlanner.connection(TestView.of(plain("1"))
                .freshness(Freshness.STALE)
                .trouble(Failing.unavailable())
                .build());

        assertThat(facts.get(2).reason()).isEqualTo(Reason.SNAPSHOT_STALE);
        assertThat(facts.get(2).status()).isEqualTo(Condition.UNKNOWN);
        assertThat(facts.get(2).message()).contains(TestView.TAKEN_AT.toString(), "the service is down");
    }

    @Test
    void aSuspectListSaysHowMuchWasLost() {
        var facts = TailnetPlanner.connection(
                TestView.of(plain("1"), plain("2"), plain("3")).suspect(0).build());

        assertThat(facts.get(2).reason()).isEqualTo(Reason.SUSPECT_DEVICE_LIST);
        assertThat(facts.get(2).message()).contains("0 devices after 3");
        assertThat(facts.get(0).isTrue()).as("the service did answer").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SUSPENDED", "DUPLICATE_TAILNET"})
    void whatStopsEverythingFailsNoConditionOfItsOwn(Reason reason) {
        assertThat(TailnetPlanner.unresolved(reason, "why"))
                .extracting(fact -> fact.type() + " " + fact.status() + "/" + fact.reason())
                .containsExactly(
                        "CredentialsValid Unknown/" + reason,
                        "Reachable Unknown/" + reason,
                        "DevicesListed Unknown/" + reason,
                        "PolicyInSync Unknown/" + reason,
                        "DevicesImported Unknown/" + reason);
    }

    @ParameterizedTest
    @CsvSource({"SECRET_NOT_FOUND, CredentialsValid", "CA_BUNDLE_NOT_FOUND, CredentialsValid", "URL_REFUSED, Reachable"
    })
    void whatTheUserHasToPutRightIsSaidWhereItBelongs(Reason reason, String type) {
        assertThat(TailnetPlanner.unresolved(reason, "why")).allSatisfy(fact -> {
            assertThat(fact.status()).isEqualTo(fact.type().equals(type) ? Condition.FALSE : Condition.UNKNOWN);
            assertThat(fact.reason()).isEqualTo(reason);
        });
        assertThat(TailnetPlanner.unresolved(reason, "why")).hasSize(5);
    }

    private static List<String> said(TestView view) {
        return TailnetPlanner.connection(view.build()).stream()
                .map(fact -> fact.type() + " " + fact.status() + "/" + fact.reason())
                .toList();
    }
}
