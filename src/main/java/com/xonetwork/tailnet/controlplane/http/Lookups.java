package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks host names up, on threads of its own. Looking up cannot be stopped: where the name server hangs, it holds its thread for as long
 * as the system tries. So few of one namespace are under way at once, and the others wait for their turn, for as long as their callers
 * like. Calls that want the same name share one.
 */
final class Lookups {

    static final int MOST = 64;
    static final int MOST_OF_NAMESPACE = 8;

    private final HostResolver resolver;
    private final Map<Question, Promise<List<InetAddress>>> underWay = new HashMap<>();
    /** The oldest first. As many as there are Tailnets at most. */
    private final Map<Question, Promise<List<InetAddress>>> waiting = new LinkedHashMap<>();

    private record Question(String namespace, String host) {}

    Lookups(HostResolver resolver) {
        this.resolver = resolver;
    }

    /** All addresses of the host. Does not wait. */
    synchronized Future<List<InetAddress>> resolve(String namespace, String host) {
        var question = new Question(namespace, host);
        var begun = underWay.get(question);
        if (begun != null) {
            return begun.future();
        }
        var promise = waiting.computeIfAbsent(question, unused -> Promise.promise());
        beginWhatMay();
        return promise.future();
    }

    private synchronized void beginWhatMay() {
        for (var next = waiting.entrySet().iterator(); next.hasNext() && underWay.size() < MOST; ) {
            var entry = next.next();
            if (ofNamespace(entry.getKey().namespace()) < MOST_OF_NAMESPACE) {
                next.remove();
                begin(entry.getKey(), entry.getValue());
            }
        }
    }

    private long ofNamespace(String namespace) {
        return underWay.keySet().stream()
                .filter(question -> question.namespace().equals(namespace))
                .count();
    }

    private void begin(Question question, Promise<List<InetAddress>> promise) {
        underWay.put(question, promise);
        // Not a virtual one: looking a name up holds the thread that carries it.
        Thread.ofPlatform().daemon().name("look-up").start(() -> lookUp(question, promise));
    }

    private void lookUp(Question question, Promise<List<InetAddress>> promise) {
        try {
            var found = resolver.resolve(question.host());
            ended(question);
            promise.complete(found);
        } catch (UnknownHostException | RuntimeException e) {
            ended(question);
            promise.fail(e);
        }
    }

    private synchronized void ended(Question question) {
        underWay.remove(question);
        beginWhatMay();
    }
}
