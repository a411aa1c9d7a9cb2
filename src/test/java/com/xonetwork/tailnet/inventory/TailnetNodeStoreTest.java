package com.xonetwork.tailnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TailnetNodeStoreTest {

    private final TailnetNodeStore one = new TailnetNodeStore();
    private final TailnetNodeStore other = new TailnetNodeStore();

    private static TailnetNode read(String version, String value) {
        var node = new TailnetNode();
        node.setMetadata(new ObjectMetaBuilder()
                .withNamespace("home")
                .withName("a")
                .withUid("0b8e")
                .withResourceVersion(version)
                .withLabels(Map.of("key", value))
                .build());
        return node;
    }

    private static void put(TailnetNodeStore store, TailnetNode item) {
        store.put(store.getKey(item), item);
    }

    private static TailnetNode in(TailnetNodeStore store) {
        return store.get("home/a");
    }

    @Test
    void whatTwoCachesReadInOneVersionIsOneObject() {
        put(one, read("7", "first"));
        put(other, read("7", "first"));
        assertThat(in(other)).isSameAs(in(one));
    }

    /** Caches are not in step: each has what it was given last. */
    @Test
    void eachCacheHasItsOwnVersion() {
        put(one, read("7", "first"));
        put(other, read("8", "second"));
        assertThat(in(one).getMetadata().getLabels()).containsEntry("key", "first");
        assertThat(in(other).getMetadata().getLabels()).containsEntry("key", "second");
        put(one, read("8", "second"));
        assertThat(in(one)).isSameAs(in(other));
        put(one, read("7", "first"));
        assertThat(in(one).getMetadata().getLabels()).containsEntry("key", "first");
        assertThat(in(other).getMetadata().getLabels()).containsEntry("key", "second");
    }
}
