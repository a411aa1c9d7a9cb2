package com.xonetwork.tailnet.kube;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SpecOrLabelsChangedTest {

    @Test
    void ourOwnStatusWritesWakeNobody() {
        assertThat(wakes(node -> {
                    node.getMetadata().setResourceVersion("2");
                    node.setStatus(new TailnetNodeStatus(
                            1L, List.of(), "1", null, null, null, null, null, null, null, null, null, null));
                }))
                .isFalse();
    }

    @Test
    void aNewGenerationDoes() {
        assertThat(wakes(node -> node.getMetadata().setGeneration(2L))).isTrue();
    }

    /** One that was deleted and made anew while the connection was lost looks like a change. */
    @Test
    void anotherObjectOfTheSameNameDoes() {
        assertThat(wakes(node -> node.getMetadata().setUid("another"))).isTrue();
    }

    @Test
    void labelsDoBecauseClassesSelectByThem() {
        assertThat(wakes(node -> node.getMetadata().setLabels(Map.of("env", "prod"))))
                .isTrue();
        assertThat(new SpecOrLabelsChanged<TailnetNode>()
                        .accept(
                                node("a").build(),
                                node("a").label("env", "prod").build()))
                .as("taken away")
                .isTrue();
    }

    @Test
    void theBeginOfADeletionDoes() {
        assertThat(wakes(node -> node.getMetadata().setDeletionTimestamp("2026-11-24T10:00:00Z")))
                .isTrue();
    }

    @Test
    void aRequestDoesAndOtherAnnotationsDoNot() {
        assertThat(wakes(node ->
                        node.getMetadata().setAnnotations(Map.of(ApiGroup.RECONCILE_REQUEST_ANNOTATION, "now"))))
                .isTrue();
        assertThat(wakes(node -> node.getMetadata().setAnnotations(Map.of(ApiGroup.APPROVE_ANNOTATION, "hash"))))
                .isTrue();
        assertThat(wakes(node -> node.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/x", "y"))))
                .isFalse();
    }

    private static boolean wakes(Consumer<TailnetNode> change) {
        var now = node("a").build();
        change.accept(now);
        return new SpecOrLabelsChanged<TailnetNode>().accept(now, node("a").build());
    }
}
