package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.informers.impl.cache.CacheImpl;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All TailnetNodes, for the controllers of all other kinds: what the TailnetNode controller's own informers have read, which
 * keep it in stores of this cache. JOSDK (5.3) would list, watch and decode them once more for each of these controllers.
 *
 * <p>Unlike the framework's caches it shows what the API server said last, and not what the operator has written since.
 */
public final class TailnetNodeCache implements IndexedResourceCache<TailnetNode>, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TailnetNodeCache.class);

    /** How many are read at a time: a list of thousands in one piece is, while it is read, much more than the cache of them. */
    public static final long PAGE = 500;

    private final List<ResourceEventHandler<TailnetNode>> handlers = new CopyOnWriteArrayList<>();
    private final List<Store> stores = new CopyOnWriteArrayList<>();
    /** Handlers are told in the order of the changes, but not while the informer holds its lock; after the end nobody is. */
    private final ExecutorService teller = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("tailnetnodes").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Whether the next store is the first of a start. */
    private final AtomicBoolean anew = new AtomicBoolean();

    private volatile boolean filled;

    /**
     * Has the informers fill it, for which each takes a {@link #newStore}. A second call changes nothing, unless the one before
     * failed: what was read then counts no more.
     *
     * @param start of the informers; returns when they have listed everything that there is
     */
    public void fillBy(Runnable start) {
        if (!filled) {
            anew.set(true);
            start.run();
            filled = true;
        }
    }

    /**
     * For one informer. Informers must not share one: at the end of its list each removes what it did not list, and that is all of
     * the other namespaces.
     */
    public synchronized ItemStore<TailnetNode> newStore() {
        if (anew.getAndSet(false)) {
            stores.clear();
        }
        var store = new Store();
        stores.add(store);
        return store;
    }

    /** Whether what is not here is not there. */
    public boolean isFilled() {
        return filled;
    }

    public void addHandler(ResourceEventHandler<TailnetNode> handler) {
        handlers.add(handler);
    }

    public void removeHandler(ResourceEventHandler<TailnetNode> handler) {
        handlers.remove(handler);
    }

    @Override
    public List<TailnetNode> byIndex(String indexName, String indexKey) {
        return stores.stream()
                .flatMap(store -> store.items.byIndex(indexName, indexKey).stream())
                .toList();
    }

    @Override
    public Optional<TailnetNode> get(ResourceID id) {
        var key = Cache.namespaceKeyFunc(id.getNamespace().orElse(null), id.getName());
        return stores.stream()
                .flatMap(store -> Optional.ofNullable(store.get(key)).stream())
                .findFirst();
    }

    @Override
    public Stream<ResourceID> keys() {
        return list(node -> true).map(ResourceID::fromResource);
    }

    @Override
    public Stream<TailnetNode> list(Predicate<TailnetNode> predicate) {
        return stores.stream().flatMap(Store::values).filter(predicate);
    }

    @Override
    public Stream<TailnetNode> list(String namespace, Predicate<TailnetNode> predicate) {
        return list(node -> node.getMetadata().getNamespace().equals(namespace) && predicate.test(node));
    }

    private void tell(Store store, TailnetNode node, Consumer<ResourceEventHandler<TailnetNode>> what) {
        if (handlers.isEmpty() || !stores.contains(store)) {
            return;
        }
        teller.execute(() -> handlers.forEach(handler -> {
            try {
                what.accept(handler);
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "a change of TailnetNode %s/%s was not passed on to all reconcilers",
                        node.getMetadata().getNamespace(),
                        node.getMetadata().getName());
            }
        }));
    }

    @Override
    public void close() {
        teller.shutdownNow();
    }

    /** What one informer has read, indexed. */
    private final class Store implements ItemStore<TailnetNode> {

        private final CacheImpl<TailnetNode> items = new CacheImpl<>();

        Store() {
            items.addIndexers(Map.of(NodeIndex.NAME, NodeIndex::keys, NodeIndex.BY_CLASS, NodeIndex::classKeys));
        }

        @Override
        public String getKey(TailnetNode node) {
            return Cache.metaNamespaceKeyFunc(node);
        }

        @Override
        public @Nullable TailnetNode put(String key, TailnetNode now) {
            var before = items.put(now);
            if (before == null) {
                tell(this, now, handler -> handler.onAdd(now));
            } else if (!version(before).equals(version(now))) {
                tell(this, now, handler -> handler.onUpdate(before, now));
            }
            return before;
        }

        @Override
        public @Nullable TailnetNode remove(String key) {
            var there = get(key);
            var before = there == null ? null : items.remove(there);
            if (before != null) {
                tell(this, before, handler -> handler.onDelete(before, false));
            }
            return before;
        }

        @Override
        public Stream<String> keySet() {
            return items.listKeys().stream();
        }

        @Override
        public Stream<TailnetNode> values() {
            return items.list().stream();
        }

        @Override
        public int size() {
            return items.listKeys().size();
        }

        @Override
        public @Nullable TailnetNode get(String key) {
            return items.getByKey(key);
        }

        private static String version(TailnetNode node) {
            return node.getMetadata().getResourceVersion();
        }
    }
}
