package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** As much of a reconciliation's context as a TailnetNode's effects and deletion ask for; anything else fails. */
public final class FakeContext {

    private final List<String> finalizersAdded = new ArrayList<>();
    private final List<String> finalizersRemoved = new ArrayList<>();
    private final Context<TailnetNode> context;

    /** @param tailnet null when there is none */
    @SuppressWarnings("unchecked")
    public FakeContext(NodeCache nodes, Tailnet tailnet) {
        var operations = new ResourceOperations<TailnetNode>(null) {
            @Override
            public TailnetNode addFinalizer(String finalizer) {
                finalizersAdded.add(finalizer);
                return null;
            }

            @Override
            public TailnetNode removeFinalizer(String finalizer) {
                finalizersRemoved.add(finalizer);
                return null;
            }
        };
        context = (Context<TailnetNode>) Proxy.newProxyInstance(
                FakeContext.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getPrimaryCache" -> nodes;
                    case "getSecondaryResources" -> Set.of();
                    case "getSecondaryResource" -> Optional.ofNullable(tailnet);
                    case "resourceOperations" -> operations;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    public Context<TailnetNode> context() {
        return context;
    }

    public List<String> finalizersAdded() {
        return List.copyOf(finalizersAdded);
    }

    public List<String> finalizersRemoved() {
        return List.copyOf(finalizersRemoved);
    }
}
