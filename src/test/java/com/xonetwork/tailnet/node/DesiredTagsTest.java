package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestClass.nodeClass;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TagStatus;
import com.xonetwork.tailnet.nodeclass.NodeClassMatcher.Match;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DesiredTagsTest {

    @Test
    void nothingFromAnywhereIsNothing() {
        var desired = DesiredTags.of(
                node("n").build().getSpec(), List.of(new Match(nodeClass("c").build(), new TreeSet<>())));

        assertThat(desired.isEmpty()).isTrue();
        assertThat(desired.tags()).isEmpty();
    }

    @Test
    void theSpecComesFirstThenTheClassesInOrder() {
        var desired = DesiredTags.of(
                node("n").tags("tag:x").build().getSpec(),
                List.of(
                        new Match(nodeClass("z").tags("tag:x").build(), tags("tag:x")),
                        new Match(nodeClass("a").tags("tag:x", "tag:b").build(), tags())));

        assertThat(desired.names()).containsExactly("tag:b", "tag:x");
        assertThat(desired.tags())
                .containsExactly(
                        new TagStatus("tag:b", List.of("NodeClass/a")),
                        new TagStatus("tag:x", List.of("spec", "NodeClass/z", "NodeClass/z (matched)", "NodeClass/a")));
    }

    @Test
    void aTagSaidTwiceHasItsSourceOnce() {
        var desired = DesiredTags.of(node("n").tags("tag:x", "tag:x").build().getSpec(), List.of());

        assertThat(desired.tags()).containsExactly(new TagStatus("tag:x", List.of("spec")));
    }

    @Test
    void aMatchedTagAloneIsReasonEnoughToKeepIt() {
        var desired = DesiredTags.of(
                node("n").build().getSpec(), List.of(new Match(nodeClass("c").build(), tags("tag:seen"))));

        assertThat(desired.names()).containsExactly("tag:seen");
    }

    private static SortedSet<String> tags(String... tags) {
        return new TreeSet<>(List.of(tags));
    }
}
