package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * All TailnetNodes, watched once for the controllers of all other kinds. JOSDK 5.3 would watch, decode and keep them once
 * for each of these. (The TailnetNode controller has its own cache: the framework ties it to its primary resource.)
 */
public final class TailnetNodeCache implements IndexedResourceCache<TailnetNode>, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TailnetNodeCache.class);

    /** How many are read at a time: a list of thousands in one piece is, while it is read, much more than the cache of them. */
    public static final long PAGE = 500;

    private final KubernetesClient kubernetes;
    private final List<ResourceEventHandler<TailnetNode>> handlers = new CopyOnWriteArrayList<>();
    private volatile List<SharedIndexInformer<TailnetNode>> informers = List.of();

    public TailnetNodeCache(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Begins to watch, and returns when everything that there is was listed. A second call changes nothing, unless the one before
     * failed.
     *
     * @param namespaces as a controller's configuration names them: one that stands for all, or each by its name
     * @throws CompletionException if they could not be listed
     */
    public synchronized void start(Set<String> namespaces) {
        if (!informers.isEmpty()) {
            return;
        }
        var started = new ArrayList<SharedIndexInformer<TailnetNode>>();
        var resources = kubernetes.resources(TailnetNode.class);
        if (namespaces.contains(Constants.WATCH_ALL_NAMESPACES)) {
            started.add(informer(resources.inAnyNamespace()));
        } else {
            namespaces.forEach(namespace -> started.add(informer(resources.inNamespace(namespace))));
        }
        informers = List.copyOf(started);
        try {
            started.forEach(informer -> informer.start().toCompletableFuture().join());
        } catch (CompletionException e) {
            close();
            informers = List.of();
            throw e;
        }
    }

    private SharedIndexInformer<TailnetNode> informer(Informable<TailnetNode> resources) {
        return resources
                .withLimit(PAGE)
                .runnableInformer(0)
                .itemStore(new TailnetNodeStore())
                .addIndexers(Map.of(NodeIndex.NAME, NodeIndex::keys, NodeIndex.BY_CLASS, NodeIndex::classKeys))
                .exceptionHandler((started, failure) -> {
                    LOG.warnf("watching TailnetNodes: %s; tried again", failure);
                    // A first list that fails is the framework's to report: the start fails with it.
                    return started;
                })
                .addEventHandler(new Fan());
    }

    public void addHandler(ResourceEventHandler<TailnetNode> handler) {
        handlers.add(handler);
    }

    public void removeHandler(ResourceEventHandler<TailnetNode> handler) {
        handlers.remove(handler);
    }

    @Override
    public List<TailnetNode> byIndex(String indexName, String indexKey) {
        return informers.stream()
                .flatMap(informer -> informer.getIndexer().byIndex(indexName, indexKey).stream())
                .toList();
    }

    @Override
    public Optional<TailnetNode> get(ResourceID id) {
        var key = id.getNamespace().map(namespace -> namespace + "/").orElse("") + id.getName();
        return informers.stream()
                .map(informer -> informer.getStore().getByKey(key))
                .filter(Objects::nonNull)
                .findFirst();
    }

    @Override
    public Stream<ResourceID> keys() {
        return list(node -> true).map(ResourceID::fromResource);
    }

    @Override
    public Stream<TailnetNode> list(Predicate<TailnetNode> predicate) {
        return informers.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .filter(predicate);
    }

    @Override
    public Stream<TailnetNode> list(String namespace, Predicate<TailnetNode> predicate) {
        return list(node -> node.getMetadata().getNamespace().equals(namespace) && predicate.test(node));
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    /** Tells everybody who listens. */
    private final class Fan implements ResourceEventHandler<TailnetNode> {
        @Override
        public void onAdd(TailnetNode node) {
            handlers.forEach(handler -> handler.onAdd(node));
        }

        @Override
        public void onUpdate(TailnetNode before, TailnetNode now) {
            handlers.forEach(handler -> handler.onUpdate(before, now));
        }

        @Override
        public void onDelete(TailnetNode node, boolean unknown) {
            handlers.forEach(handler -> handler.onDelete(node, unknown));
        }
    }
}
