package com.xonetwork.tailnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedItemStoreTest {

    private final SharedItemStore<ConfigMap> one = new SharedItemStore<>();
    private final SharedItemStore<ConfigMap> other = new SharedItemStore<>();

    private static ConfigMap read(String version, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("home")
                .withName("a")
                .withUid("0b8e")
                .withResourceVersion(version)
                .endMetadata()
                .withData(Map.of("key", value))
                .build();
    }

    private static void put(SharedItemStore<ConfigMap> store, ConfigMap item) {
        store.put(store.getKey(item), item);
    }

    private static ConfigMap in(SharedItemStore<ConfigMap> store) {
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
        assertThat(in(one).getData()).containsEntry("key", "first");
        assertThat(in(other).getData()).containsEntry("key", "second");
        put(one, read("8", "second"));
        assertThat(in(one)).isSameAs(in(other));
        put(one, read("7", "first"));
        assertThat(in(one).getData()).containsEntry("key", "first");
        assertThat(in(other).getData()).containsEntry("key", "second");
    }
}
