package com.xonetwork.tailnet.policy;

import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The last few answers to expensive questions. Finds them outside of its lock: two threads may both do the work. */
final class Recent<K, V> {

    private final int size;
    private final LinkedHashMap<K, V> answers = new LinkedHashMap<>();

    Recent(int size) {
        this.size = size;
    }

    V get(K question, Supplier<V> find) {
        var known = known(question);
        if (known != null) {
            return known;
        }
        var found = find.get();
        keep(question, found);
        return found;
    }

    private synchronized @Nullable V known(K question) {
        return answers.get(question);
    }

    private synchronized void keep(K question, V answer) {
        answers.put(question, answer);
        if (answers.size() > size) {
            answers.pollFirstEntry();
        }
    }
}
