package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Sees the nodes' statuses as a user's watch does: to the moment, and without asking again and again. */
final class NodeWatch implements AutoCloseable {

    private static final long PATIENCE_MINUTES = 10;

    private final SharedIndexInformer<TailnetNode> informer;
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final List<Waiting> waiting = new CopyOnWriteArrayList<>();

    private record Waiting(Predicate<TailnetNode> wanted, CompletableFuture<Long> seen) {}

    NodeWatch(ClusterUnderTest cluster) {
        informer = cluster.client()
                .resources(TailnetNode.class)
                .inNamespace(cluster.namespace())
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(TailnetNode node) {
                        look(node);
                    }

                    @Override
                    public void onUpdate(TailnetNode before, TailnetNode now) {
                        look(now);
                    }

                    @Override
                    public void onDelete(TailnetNode node, boolean unknown) {
                        ready.remove(node.getMetadata().getName());
                    }
                });
    }

    private void look(TailnetNode node) {
        if (isReady(node)) {
            ready.add(node.getMetadata().getName());
        } else {
            ready.remove(node.getMetadata().getName());
        }
        waiting.removeIf(one -> one.wanted().test(node) && one.seen().complete(System.nanoTime()));
        if (waiting.isEmpty()) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** @return {@link System#nanoTime} of the first time that a node is seen so from now on */
    CompletableFuture<Long> when(String name, Predicate<TailnetNode> wanted) {
        var seen = new CompletableFuture<Long>();
        waiting.add(new Waiting(node -> node.getMetadata().getName().equals(name) && wanted.test(node), seen));
        return seen.orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    /** Waits until so many nodes are Ready at once. */
    synchronized void awaitReady(int count) throws InterruptedException, TimeoutException {
        var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
        while (ready.size() < count) {
            var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException(ready.size() + " of " + count + " nodes are Ready");
            }
            wait(Math.min(left, 100));
        }
    }

    static long value(CompletableFuture<Long> seen) throws InterruptedException {
        try {
            return seen.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node was never seen as wanted", e);
        }
    }

    static boolean isReady(TailnetNode node) {
        return is(node, ConditionType.READY, Condition.TRUE);
    }

    /** Whether its status is of the present generation. */
    static boolean isObserved(TailnetNode node) {
        return node.getStatus() != null
                && node.getMetadata().getGeneration().equals(node.getStatus().observedGeneration());
    }

    /** Of the present generation. */
    static boolean is(TailnetNode node, ConditionType type, String status) {
        return isObserved(node)
                && Conditions.find(node.getStatus().conditions(), type)
                        .filter(condition -> condition.status().equals(status))
                        .isPresent();
    }

    @Override
    public void close() {
        informer.stop();
    }
}
