package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.controlplane.Port;
import com.xonetwork.tailnet.testing.Failing;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;

/** Counts writes, and makes one of them go wrong. */
final class Trouble {

    /** How a write goes wrong. */
    enum Kind {
        KILLED_BEFORE,
        KILLED_AFTER,
        FAILS_BEFORE,
        FAILS_AFTER;

        private boolean isAfter() {
            return this == KILLED_AFTER || this == FAILS_AFTER;
        }
    }

    /** The process ends: nothing of ours runs after it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final Set<String> WRITES = Set.of("create", "revoke", "delete");

    private int writes;
    private int at = -1;
    private Kind kind = Kind.KILLED_BEFORE;
    private final Runnable invariant;

    /** @param invariant looked at after every call */
    Trouble(Runnable invariant) {
        this.invariant = invariant;
    }

    /** The write of this number from now, counted from 0, goes wrong. */
    void arm(int number, Kind how) {
        at = writes + number;
        kind = how;
    }

    void disarm() {
        at = -1;
    }

    int writes() {
        return writes;
    }

    <T> T around(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                Trouble.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    var isWrite = WRITES.contains(method.getName());
                    var bad = isWrite && writes == at;
                    writes += isWrite ? 1 : 0;
                    if (bad && !kind.isAfter()) {
                        throw trouble();
                    }
                    try {
                        var answer = method.invoke(target, arguments);
                        if (bad) {
                            throw trouble();
                        }
                        return answer instanceof Port port ? around(area(port), port) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        invariant.run();
                    }
                }));
    }

    /** A control plane hands out its ports, and their calls count. */
    @SuppressWarnings("unchecked")
    private static Class<Port> area(Port port) {
        return (Class<Port>) Arrays.stream(Port.class.getPermittedSubclasses())
                .filter(area -> area.isInstance(port))
                .findFirst()
                .orElseThrow();
    }

    private Throwable trouble() {
        return kind == Kind.KILLED_BEFORE || kind == Kind.KILLED_AFTER ? new Killed() : Failing.unavailable();
    }
}
