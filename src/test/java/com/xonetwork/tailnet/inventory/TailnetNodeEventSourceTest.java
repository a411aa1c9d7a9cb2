package com.xonetwork.tailnet.inventory;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.testing.TestNode;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which changes of a node wake its Tailnet: a look of a Tailnet is a pass over all its devices. */
class TailnetNodeEventSourceTest {

    private final TailnetNodeCache nodes = new TailnetNodeCache();
    private final List<ResourceID> woken = new ArrayList<>();
    private final TailnetNodeEventSource<Tailnet> source = TailnetNodeEventSource.ofIdentities(
            nodes,
            null,
            node -> Stream.of(new ResourceID(
                    node.getSpec().tailnetRef().name(), node.getMetadata().getNamespace())));

    @BeforeEach
    void start() {
        nodes.fillBy(() -> {});
        source.setEventHandler(event -> woken.add(event.getRelatedCustomResourceID()));
        source.start();
    }

    @AfterEach
    void stop() {
        source.stop();
        nodes.close();
    }

    private static TailnetNode changed(UnaryOperator<TestNode> change) {
        var now = change.apply(node("web-1")).build();
        now.getMetadata().setGeneration(2L);
        return now;
    }

    static Stream<Arguments> news() {
        return Stream.of(
                Arguments.of("another device", changed(it -> it.deviceId("7"))),
                Arguments.of("another host name", changed(it -> it.hostname("db-1"))),
                Arguments.of("labels, by which SubnetRoutes select", changed(it -> it.label("site", "a"))),
                Arguments.of("the begin of its deletion", changed(it -> it.deleting("2026-11-24T10:00:00Z"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("news")
    void itsIdentityDoes(String what, TailnetNode now) {
        source.onUpdate(node("web-1").build(), now);
        assertThat(woken).containsExactly(new ResourceID("home", "net"));
    }

    @Test
    void whatElseItIsAskedToBeDoesNot() {
        source.onUpdate(node("web-1").build(), changed(it -> it.tags("tag:web")));
        source.onUpdate(node("web-1").build(), changed(it -> it.joins("1h")));
        assertThat(woken).isEmpty();
    }

    @Test
    void comingAndGoingDo() {
        source.onAdd(node("web-1").build());
        source.onDelete(node("web-1").build(), false);
        assertThat(woken).hasSize(2);
    }
}
