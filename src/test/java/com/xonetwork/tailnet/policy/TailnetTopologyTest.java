package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailnetTopologyTest {

    @Test
    void whatCannotBeReadIsLeftOutAndEndsNothing() {
        var topology = TailnetTopology.of(List.of(
                device("1", "odd")
                        .addresses("nonsense", "100.64.0.1", "100.64.0.2")
                        .advertises("not a route")
                        .build(),
                device("2", "odd").addresses().build()));
        assertThat(topology.nodes()).extracting(TopologyNode::name).containsExactly("odd", "odd 2");
        assertThat(topology.nodes().getFirst().addresses()).hasToString("[100.64.0.1]");
        assertThat(topology.nodes().getFirst().advertised()).isEmpty();
    }

    @Test
    void devicesOfOtherTailnetsAreNotOurs() {
        assertThat(TailnetTopology.of(List.of(device("1", "theirs").external().build()))
                        .nodes())
                .isEmpty();
    }

    @Test
    void usersAreThoseOfTheDevices() {
        var topology = TailnetTopology.of(List.of(
                device("1", "a").user("bob@example.com").build(),
                device("2", "b").user("ann@example.com").build(),
                device("3", "c")
                        .user("ann@example.com")
                        .tags("tag:c")
                        .routes("10.0.0.0/8", "0.0.0.0/0")
                        .build()));
        assertThat(topology.users())
                .extracting(TopologyUser::email)
                .containsExactly("ann@example.com", "bob@example.com");
        assertThat(topology.nodes())
                .extracting(TopologyNode::user)
                .containsExactly("bob@example.com", "ann@example.com", "");
        assertThat(topology.nodes().getLast().subnetRoutes()).hasToString("[10.0.0.0/8]");
        assertThat(topology.nodes().getLast().isExitNode()).isTrue();
    }

    @Test
    void usersWhomAPolicyNamesExist() {
        var topology = TailnetTopology.of(List.of(device("1", "a").user("ann").build()));
        var policy = PolicyView.of("""
                {"acls": [{"action": "accept", "src": ["ann@", "group:g"], "dst": ["bob@example.com:22"]}],
                 "groups": {"group:g": ["carl@"]}, "hosts": {"h": "10.0.0.1"}}
                """);
        assertThat(TailnetTopology.withUsersOf(policy.policy(), topology, PolicySyntax.TAILSCALE)
                        .users())
                .extracting(TopologyUser::email)
                .contains("ann", "bob@example.com", "carl@")
                .doesNotContain("ann@", "10.0.0.1", "h");
    }
}
