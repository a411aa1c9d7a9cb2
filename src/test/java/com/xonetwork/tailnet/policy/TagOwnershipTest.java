package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.policy.Publishing.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.testing.TestView;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagOwnershipTest {

    private static final String TEXT = "{\"tagOwners\": {\"tag:a\": [], \"tag:b\": [\"x@y\"]}, \"acls\": []}";

    private final TagOwnership ownership = new TagOwnership();

    @Test
    void isWhatThePolicyInForceSays() {
        var view = TestView.of().policy("// x\n" + TEXT, "e1").build();

        assertThat(ownership.ownedTags(HOME, view)).contains(Set.of("tag:a", "tag:b"));
        assertThat(ownership.ownedTags(HOME, view).orElseThrow())
                .as("parsed once per policy, not once per node")
                .isSameAs(ownership.ownedTags(HOME, view).orElseThrow());
    }

    @Test
    void aPolicyWithoutOwnersOwnsNoTag() {
        assertThat(ownership.ownedTags(HOME, TestView.of().policy("{}", "e1").build()))
                .contains(Set.of());
    }

    @Test
    void isUnknownWithoutAPolicyOrWithOneThatCannotBeParsed() {
        assertThat(ownership.ownedTags(HOME, TestView.of().build())).isEmpty();
        assertThat(ownership.ownedTags(
                        HOME, TestView.of().policy("{ broken", "e1").build()))
                .isEmpty();
    }

    @Test
    void followsThePolicyAndKeepsTailnetsApart() {
        ownership.ownedTags(HOME, TestView.of().policy(TEXT, "e1").build());
        var office = new TailnetKey("net", "office");

        assertThat(ownership.ownedTags(office, TestView.of().policy("{}", "e1").build()))
                .contains(Set.of());
        assertThat(ownership.ownedTags(
                        HOME,
                        TestView.of()
                                .policy("{\"tagOwners\": {\"tag:c\": []}}", "e2")
                                .build()))
                .contains(Set.of("tag:c"));
        ownership.forget(HOME);
        assertThat(ownership.ownedTags(HOME, TestView.of().policy(TEXT, "e1").build()))
                .contains(Set.of("tag:a", "tag:b"));
    }
}
