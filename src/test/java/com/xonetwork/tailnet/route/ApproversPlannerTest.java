package com.xonetwork.tailnet.route;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestExit.exit;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestRoute.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.testing.TestView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApproversPlannerTest {

    private static final RouteIntents INTENTS = RouteIntents.of(
            List.of(route("lan").via("router-1", "router-2").build()),
            List.of(exit("out").candidate("paris", 0).build()));

    @Test
    void aTagThatOnlyRoutersCarryApprovesTheirRoute() {
        var approvers = plan(
                device("1", "router-1").tags("tag:router").build(),
                device("2", "router-2").tags("tag:router").build(),
                device("3", "paris").tags("tag:exit").build());
        assertThat(approvers.routes()).containsExactly(Map.entry("192.168.50.0/24", sorted("tag:router")));
        assertThat(approvers.exitNode()).containsExactly("tag:exit");
    }

    @Test
    void aTagThatSomebodyElseCarriesTooWouldLetItApproveItself() {
        var approvers = plan(
                device("1", "router-1").tags("tag:server", "tag:router").build(),
                device("3", "paris").tags("tag:server").build(),
                device("9", "stranger").tags("tag:exit").build());
        assertThat(approvers.routes()).containsExactly(Map.entry("192.168.50.0/24", sorted("tag:router")));
        assertThat(approvers.exitNode()).isEmpty();
    }

    @Test
    void withoutTagsThereIsNothingToName() {
        assertThat(plan(device("1", "router-1").build())).isEqualTo(AutoApproverContribution.NONE);
    }

    /** Without them what is published would be taken away. */
    @Test
    void whileTheDevicesAreNotKnownWhatIsAddedIsNotKnown() {
        var view = TestView.empty(TailnetView.Freshness.NEVER).build();
        var claims = new Claims(List.of(), null);

        assertThat(ApproversPlanner.contribution(INTENTS, view, claims).unknown())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("SubnetRoutes and ExitNodes", "devices are not known"));
        assertThat(ApproversPlanner.contribution(RouteIntents.of(List.of(), List.of()), view, claims))
                .isEqualTo(AutoApproverContribution.NONE);
    }

    @Test
    void onlyOwnDevicesThatNodesHoldAreRouters() {
        var view = TestView.of(
                        device("1", "router-1").tags("tag:router").build(),
                        device("2", "router-2").tags("tag:alone").build())
                .build();
        var claims = new Claims(List.of(node("router-1").build()), view.devices());

        assertThat(ApproversPlanner.contribution(INTENTS, view, claims)
                        .fragment(Set.of("tag:router", "tag:alone"), PolicySyntax.TAILSCALE))
                .hasToString(Optional.of("{\"autoApprovers\":{\"routes\":{\"192.168.50.0/24\":[\"tag:router\"]}}}")
                        .toString());
    }

    private static SortedSet<String> sorted(String... values) {
        return new TreeSet<>(List.of(values));
    }

    /** A TailnetNode for each device but the stranger. */
    private static AutoApproverContribution plan(Device... devices) {
        var managed = new HashMap<Device, TailnetNode>();
        Stream.of(devices)
                .filter(device -> !device.name().equals("stranger"))
                .forEach(device -> managed.put(device, node(device.name()).build()));
        return ApproversPlanner.plan(INTENTS, managed, List.of(devices));
    }
}
