package com.xonetwork.tailnet.machine;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodePreferences;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.testing.TestClass;
import com.xonetwork.tailnet.testing.TestExit;
import com.xonetwork.tailnet.testing.TestNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreferencesPlannerTest {

    private final TestNode node = TestNode.node("web-1").tags("tag:web").ssh("10.0.0.7");
    private boolean keepUnmanaged = true;
    private @Nullable Device device;
    private @Nullable ExitNode exit;
    private Set<String> approved = Set.of();
    private Set<String> undecided = Set.of();
    private List<NodeClass> classes = List.of();

    private Preferences plan() {
        return PreferencesPlanner.plan(
                        node.build(),
                        classes.stream()
                                .map(one -> new Match(one, new TreeSet<>()))
                                .toList(),
                        new RouteIntents.Wanted(new TreeSet<>(approved), new TreeSet<>(undecided)),
                        device,
                        keepUnmanaged,
                        name -> Optional.ofNullable(exit)
                                .filter(found -> found.getMetadata().getName().equals(name)))
                .orElseThrow();
    }

    private static NodePreferences saying(@Nullable Boolean acceptRoutes, @Nullable String exitNode) {
        return new NodePreferences(null, acceptRoutes, null, null, exitNode, null);
    }

    @Test
    void aNodeThatIsNotReachedHasNone() {
        assertThat(PreferencesPlanner.plan(
                        TestNode.node("web-1").build(),
                        List.of(),
                        new RouteIntents.Wanted(new TreeSet<>(), new TreeSet<>()),
                        null,
                        true,
                        name -> Optional.empty()))
                .isEmpty();
    }

    @Test
    void withoutAnyWordTheMachineKeepsWhatItHas() {
        assertThat(plan())
                .isEqualTo(new Preferences(
                        "web-1", new TreeSet<>(), false, true, null, null, null, null, null, Adoption.PLAN, null));
        assertThat(plan().parameters())
                .containsOnlyKeys(
                        "tailscale_hostname",
                        "tailscale_advertise_routes",
                        "tailscale_advertise_exit_node",
                        "tailscale_unmanaged_routes");
    }

    @Test
    void theNodeSpeaksBeforeItsClassesAndThoseInOrder() {
        classes = List.of(
                TestClass.nodeClass("first").preferences(saying(null, null)).build(),
                TestClass.nodeClass("second").preferences(saying(true, null)).build());
        assertThat(plan().acceptRoutes()).isTrue();
        node.preferences(saying(false, null));
        assertThat(plan().acceptRoutes()).isFalse();
    }

    @Test
    void whatIsDeclaredIsAdvertised() {
        approved = Set.of("192.168.50.0/24", "0.0.0.0/0", "::/0");
        assertThat(plan().advertiseRoutes()).containsExactly("192.168.50.0/24");
        assertThat(plan().advertiseExitNode()).isTrue();
    }

    @Test
    void whatNobodyDeclaresIsLeftToTheMachine() {
        device = device("1", "web-1")
                .advertises("10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")
                .approvedFor("10.1.0.0/16", "10.9.0.0/16")
                .build();
        undecided = Set.of("10.2.0.0/16", "10.8.0.0/16");
        assertThat(plan().advertiseRoutes()).isEmpty();
        assertThat(plan().keepUnmanaged()).isTrue();
        keepUnmanaged = false;
        assertThat(plan().keepUnmanaged()).isFalse();
        assertThat(plan().advertiseRoutes()).containsExactly("10.2.0.0/16");
    }

    @Test
    void theExitNodeInUseIsTheActiveCandidate() {
        node.preferences(saying(null, "out"));
        assertThat(plan().note()).contains("there is no ExitNode out");
        assertThat(plan().exitNode()).as("it goes out directly").isEmpty();
        exit = TestExit.exit("out").candidate("paris", 0).build();
        assertThat(plan().note()).contains("has no active candidate");
        exit.setStatus(new ExitNodeStatus(
                1L,
                List.of(),
                new ExitNodeStatus.Active("paris", "n1", "100.64.0.9", "2026-01-01T00:00:00Z"),
                List.of()));
        assertThat(plan().exitNode()).isEqualTo("100.64.0.9");
        assertThat(plan().exitNodeAllowLanAccess())
                .as("the operator's SSH comes that way")
                .isTrue();
        assertThat(plan().note()).isNull();
        approved = Set.of("0.0.0.0/0", "::/0");
        assertThat(plan().exitNode()).isEmpty();
        assertThat(plan().note()).contains("it is an exit node itself");
    }

    @Test
    void noneEndsTheUseOfAnExitNode() {
        node.preferences(saying(null, "None"));
        assertThat(plan().exitNode()).isEmpty();
        assertThat(plan().note()).isNull();
    }

    /** Nobody declares it: it is not the operator's to end. */
    @Test
    void aMachineThatOffersItselfAsAnExitNodeGoesOnTo() {
        device = device("1", "web-1").advertises("0.0.0.0/0", "::/0").build();
        assertThat(plan().exitNode()).isNull();
        node.preferences(saying(null, "out"));
        assertThat(plan().exitNode()).isNull();
        assertThat(plan().note()).contains("though no ExitNode names it");
        keepUnmanaged = false;
        assertThat(plan().note()).contains("there is no ExitNode out");
    }
}
