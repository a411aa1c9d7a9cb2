package com.xonetwork.tailnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailnetNodeCacheTest {

    private final TailnetNodeCache cache = new TailnetNodeCache();

    @AfterEach
    void close() {
        cache.close();
    }

    private static TailnetNode node(String namespace, String name, int version) {
        var node = new TailnetNode();
        node.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(String.valueOf(version))
                .build());
        node.setSpec(
                new TailnetNodeSpec(new LocalRef("net"), name, null, List.of(), null, null, null, null, null, null));
        return node;
    }

    private static TailnetNode put(ItemStore<TailnetNode> store, TailnetNode node) {
        store.put(store.getKey(node), node);
        return node;
    }

    private List<ItemStore<TailnetNode>> filled(int informers) {
        var stores = new ArrayList<ItemStore<TailnetNode>>();
        cache.fillBy(() -> {
            for (var i = 0; i < informers; i++) {
                stores.add(cache.newStore());
            }
        });
        return stores;
    }

    @Test
    void whatTheInformersOfAllNamespacesHaveReadIsFoundInOnePlace() {
        var stores = filled(2);
        var here = put(stores.get(0), node("home", "web", 1));
        var there = put(stores.get(1), node("work", "web", 2));

        assertThat(cache.list()).containsExactlyInAnyOrder(here, there);
        assertThat(cache.list("work", _ -> true)).containsExactly(there);
        assertThat(cache.get(new ResourceID("web", "home"))).containsSame(here);
        assertThat(NodeIndex.ofTailnet(cache, new TailnetKey("work", "net"))).containsExactly(there);
    }

    /** An informer removes what is in its store and was not in its list. */
    @Test
    void aStoreShowsAnInformerOnlyWhatThisOneHasRead() {
        var stores = filled(2);
        var here = put(stores.get(0), node("home", "web", 1));
        put(stores.get(1), node("work", "web", 2));

        assertThat(stores.get(0).values()).containsExactly(here);
        stores.get(1)
                .values()
                .toList()
                .forEach(node -> stores.get(1).remove(stores.get(1).getKey(node)));
        assertThat(cache.list()).containsExactly(here);
    }

    @Test
    void handlersAreToldInOrderOfWhatChanged() {
        var told = new CopyOnWriteArrayList<String>();
        cache.addHandler(new Telling(told));
        var store = filled(1).getFirst();
        put(store, node("home", "web", 1));
        put(store, node("home", "web", 1));
        put(store, node("home", "web", 2));
        store.remove("home/web");
        store.remove("home/web");
        await().untilAsserted(() -> assertThat(told).containsExactly("added 1", "changed 1 to 2", "deleted 2"));
    }

    @Test
    void aHandlerThatFailsKeepsTheOthersFromNothing() {
        var told = new CopyOnWriteArrayList<String>();
        cache.addHandler(new Telling(told) {
            @Override
            public void onAdd(TailnetNode node) {
                throw new IllegalStateException("cannot");
            }
        });
        cache.addHandler(new Telling(told));
        var store = filled(1).getFirst();
        put(store, node("home", "web", 1));
        put(store, node("home", "db", 2));
        await().untilAsserted(() -> assertThat(told).containsExactly("added 1", "added 2"));
    }

    /** The informers of a start that failed can go on for some time. */
    @Test
    void whatWasReadByAStartThatFailedCountsNoMore() {
        var told = new CopyOnWriteArrayList<String>();
        cache.addHandler(new Telling(told));
        var first = new ArrayList<ItemStore<TailnetNode>>();
        assertThatThrownBy(() -> cache.fillBy(() -> {
                    first.add(cache.newStore());
                    throw new IllegalStateException("no such kind");
                }))
                .hasMessage("no such kind");
        assertThat(cache.isFilled()).isFalse();

        var second = filled(1).getFirst();
        put(first.getFirst(), node("home", "gone", 1));
        var there = put(second, node("home", "web", 2));
        assertThat(cache.isFilled()).isTrue();
        assertThat(cache.list()).containsExactly(there);
        await().untilAsserted(() -> assertThat(told).containsExactly("added 2"));
    }

    /** Informers may outlive it by a moment. */
    @Test
    void afterTheEndAChangeIsStillKeptAndNobodyIsTold() {
        var told = new CopyOnWriteArrayList<String>();
        cache.addHandler(new Telling(told));
        var store = filled(1).getFirst();
        cache.close();
        var late = put(store, node("home", "web", 1));
        assertThat(cache.list()).containsExactly(late);
        assertThat(told).isEmpty();
    }

    @Test
    void itIsFilledOnce() {
        filled(1);
        cache.fillBy(() -> {
            throw new AssertionError("once more");
        });
    }

    private static class Telling implements ResourceEventHandler<TailnetNode> {

        private final List<String> told;

        Telling(List<String> told) {
            this.told = told;
        }

        private static String version(TailnetNode node) {
            return node.getMetadata().getResourceVersion();
        }

        @Override
        public void onAdd(TailnetNode node) {
            told.add("added " + version(node));
        }

        @Override
        public void onUpdate(TailnetNode before, TailnetNode now) {
            told.add("changed " + version(before) + " to " + version(now));
        }

        @Override
        public void onDelete(TailnetNode node, boolean unknown) {
            told.add("deleted " + version(node));
        }
    }
}
