package com.xonetwork.tailnet.service;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Shares event streams out, so that no caller and no namespace has all of them. */
public final class StreamShares {

    private final Limits limits;
    private final Map<String, Integer> ofCallers = new HashMap<>();
    private final Map<String, Integer> ofNamespaces = new HashMap<>();
    private int open;

    /** Streams at the same time: all, of one caller, of the runs of one namespace. */
    public record Limits(int all, int ofCaller, int ofNamespace) {}

    /** One stream; given back once. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    public StreamShares(Limits limits) {
        this.limits = limits;
    }

    /** @return empty when there is none left for this caller and namespace */
    synchronized Optional<Share> take(String caller, String namespace) {
        if (open >= limits.all()
                || ofCallers.getOrDefault(caller, 0) >= limits.ofCaller()
                || ofNamespaces.getOrDefault(namespace, 0) >= limits.ofNamespace()) {
            return Optional.empty();
        }
        open++;
        ofCallers.merge(caller, 1, Integer::sum);
        ofNamespaces.merge(namespace, 1, Integer::sum);
        return Optional.of(() -> giveBack(caller, namespace));
    }

    private synchronized void giveBack(String caller, String namespace) {
        open--;
        ofCallers.computeIfPresent(caller, (name, count) -> count == 1 ? null : count - 1);
        ofNamespaces.computeIfPresent(namespace, (name, count) -> count == 1 ? null : count - 1);
    }
}
