package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.ROUTES_APPROVED;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestExit.exit;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestRoute.route;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.node.DeviceAction.Field;
import com.xonetwork.tailnet.node.DeviceAction.SetRoutes;
import com.xonetwork.tailnet.testing.Failing;
import com.xonetwork.tailnet.testing.TestView;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The routes that are approved for a device: one list, written by the device's only writer. */
class NodePlannerRoutesTest {

    private static final String LAN = "192.168.50.0/24";

    @Test
    void nobodyAsksSoTheyAreLeftAloneAndNamed() {
        var answer = Planning.of(node("router-1"))
                .on(device("1", "router-1").approvedFor("10.0.0.0/8").build())
                .plan();

        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("True/NotManaged");
        assertThat(answer.message(ROUTES_APPROVED))
                .endsWith(
                        "Approved, and declared by no SubnetRoute or ExitNode: 10.0.0.0/8. These routes stay approved, because"
                                + " routes.unmanaged of the Tailnet is Keep");
        assertThat(answer.actions()).isEmpty();
    }

    @Test
    void allThatIsWantedAndAllThatWasThereIsOneList() {
        var answer = Planning.of(node("router-1"))
                .on(device("1", "router-1").approvedFor("10.0.0.0/8").build())
                .route(route("lan").to(LAN).build())
                .route(route("dmz").to("172.16.0.0/24").build())
                .exit(exit("out").candidate("router-1", 0).build())
                .plan();

        assertThat(answer.actions())
                .containsExactly(new SetRoutes(
                        "1",
                        new TreeSet<>(List.of("0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/24", LAN, "::/0")),
                        "10.0.0.0/8"));
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("False/Progressing");
    }

    @Test
    void whatNobodyDeclaredGoesWhereThatIsWanted() {
        var answer = removing()
                .on(device("1", "router-1")
                        .approvedFor(LAN, "10.0.0.0/8", "0.0.0.0/0", "::/0")
                        .build())
                .route(route("lan").to(LAN).build())
                .plan();
        assertThat(answer.actions()).extracting(DeviceAction::wanted).containsExactly(LAN);
    }

    @Test
    void whatARefusedRouteDeclaresIsNotTakenAway() {
        var answer = removing()
                .on(device("1", "router-1").approvedFor(LAN).build())
                .route(route("old")
                        .to("192.168.0.0/16")
                        .via("other")
                        .created("2025-01-01T00:00:00Z")
                        .build())
                .route(route("lan").to(LAN).build())
                .plan();
        assertThat(answer.actions()).isEmpty();
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("True/InSync");
    }

    @Test
    void anotherSpellingIsTheSameNetwork() {
        var answer = Planning.of(node("router-1"))
                .on(device("1", "router-1").approvedFor("fd00:1:0:0::/64").build())
                .route(route("lan").to("FD00:1::/64").build())
                .plan();
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("True/InSync");
        assertThat(answer.actions()).isEmpty();
    }

    @Test
    void approvalMayComeBeforeTheMachineAdvertises() {
        assertThat(lan().on(device("1", "router-1").build()).plan().actions()).hasSize(1);
    }

    @Test
    void inModeObserveNothingIsWritten() {
        var ofTailnet = lan().tailnetIs(tailnet("home").mode(Mode.OBSERVE).build())
                .on(device("1", "router-1").build())
                .plan();
        assertThat(ofTailnet.said(ROUTES_APPROVED)).isEqualTo("False/Differs");
        assertThat(ofTailnet.actions()).isEmpty();
        assertThat(ofTailnet.plan().withheld()).hasSize(1);

        var ownWord = Planning.of(node("router-1").mode(Mode.ENFORCE))
                .tailnetIs(tailnet("home").mode(Mode.OBSERVE).build())
                .route(route("lan").build())
                .on(device("1", "router-1").build())
                .plan();
        assertThat(ownWord.actions()).hasSize(1);
    }

    @Test
    void aContestedListIsNotWritten() {
        var answer = lan().contested(Field.ROUTES, LAN)
                .on(device("1", "router-1").build())
                .plan();
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("False/Contested");
        assertThat(answer.actions()).isEmpty();
        assertThat(answer.plan().contested()).containsExactly(Field.ROUTES);
    }

    @Test
    void aRefusalIsToldAndNotRepeated() {
        var answer = lan().failed(Field.ROUTES, LAN, Failing.rejected("no"))
                .on(device("1", "router-1").build())
                .plan();
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("False/Rejected");
        assertThat(answer.actions()).isEmpty();
    }

    @Test
    void aControlPlaneThatCannotSaysSo() {
        var answer = lan().on(TestView.of(device("1", "router-1").build()).without(Capability.ROUTES))
                .plan();
        assertThat(answer.said(ROUTES_APPROVED)).isEqualTo("False/NotSupportedByControlPlane");
    }

    private static Planning lan() {
        return Planning.of(node("router-1")).route(route("lan").build());
    }

    private static Planning removing() {
        return Planning.of(node("router-1"))
                .tailnetIs(
                        tailnet("home").unmanagedRoutes(UnmanagedRoutes.REMOVE).build());
    }
}
