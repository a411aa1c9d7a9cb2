package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.snapshot.Connections;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagOwnershipTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final TailnetKey OFFICE = new TailnetKey("net", "office");
    private static final String TWO_TAGS = "{\"tagOwners\": {\"tag:db\": [], \"tag:web\": [\"a@example.com\"]}}";

    private final SnapshotStore snapshots = new SnapshotStore(Clock.systemUTC(), 3);
    private final TagOwnership ownership = new TagOwnership(snapshots);

    @Test
    void tagsOfThePolicyInForce() {
        assertThat(ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build()))
                .hasValue(Set.of("tag:db", "tag:web"));
    }

    @Test
    void noTagsIsKnowledge() {
        assertThat(ownership.ownedTags(HOME, TestView.of().policy("{}", "1").build()))
                .hasValue(Set.of());
    }

    @Test
    void unknownWithoutAPolicy() {
        assertThat(ownership.ownedTags(HOME, TestView.of().build())).isEmpty();
    }

    @Test
    void unknownWhenItCannotBeParsed() {
        assertThat(ownership.ownedTags(HOME, TestView.of().policy("{", "1").build()))
                .isEmpty();
    }

    @Test
    void followsThePolicyInForce() {
        ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build());

        assertThat(ownership.ownedTags(HOME, TestView.of().policy("{}", "2").build()))
                .hasValue(Set.of());
        assertThat(ownership.ownedTags(HOME, TestView.of().build())).isEmpty();
    }

    @Test
    void isParsedOncePerPolicy() {
        var first =
                ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build());
        var again =
                ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build());

        assertThat(again.orElseThrow()).isSameAs(first.orElseThrow());
    }

    @Test
    void oneTailnetIsNotAnother() {
        ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build());
        ownership.ownedTags(OFFICE, TestView.of().policy("{}", "1").build());

        assertThat(ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build()))
                .hasValueSatisfying(tags -> assertThat(tags).hasSize(2));
    }

    @Test
    void whatIsKnownOfATailnetEndsWithIt() {
        var first =
                ownership.ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build());
        Connections.forget(snapshots, HOME);

        assertThat(ownership
                        .ownedTags(HOME, TestView.of().policy(TWO_TAGS, "1").build())
                        .orElseThrow())
                .isEqualTo(first.orElseThrow())
                .isNotSameAs(first.orElseThrow());
    }
}
