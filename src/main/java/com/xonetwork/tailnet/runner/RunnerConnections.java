package com.xonetwork.tailnet.runner;

import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the connections to the port of runners few. Whoever can reach the port can open some, and all runners of a node of the
 * cluster may have one address: so addresses do not count, and a connection over which a genuine token came goes before those
 * over which none did.
 */
final class RunnerConnections {

    /** Together. */
    static final int MOST = 512;
    /** Of one attempt: a runner has one, and one that it gave up. */
    static final int MOST_OF_ATTEMPT = 4;

    /** The oldest first; the attempt whose token came over it, or null. */
    private final Map<HttpConnection, Holder> open = new LinkedHashMap<>();

    private record Holder(@Nullable AttemptKey attempt) {}

    private static final Holder STRANGER = new Holder(null);

    /** Takes it, in place of the oldest stranger's if there are too many. Refuses it when there is none. */
    synchronized void opened(HttpConnection connection) {
        if (open.size() >= MOST && !closeOldest(STRANGER)) {
            connection.close();
            return;
        }
        open.put(connection, STRANGER);
        connection.closeHandler(unused -> closed(connection));
    }

    private synchronized void closed(HttpConnection connection) {
        open.remove(connection);
    }

    /** A genuine token came over it. */
    synchronized void genuine(HttpConnection connection, AttemptKey attempt) {
        var holder = new Holder(attempt);
        if (open.replace(connection, holder) == null) {
            return;
        }
        if (open.values().stream().filter(holder::equals).count() > MOST_OF_ATTEMPT) {
            closeOldest(holder);
        }
    }

    /** A stranger's has had its time. */
    synchronized void expire(HttpConnection connection) {
        if (STRANGER.equals(open.get(connection))) {
            open.remove(connection);
            connection.close();
        }
    }

    private boolean closeOldest(Holder holder) {
        for (Iterator<Map.Entry<HttpConnection, Holder>> entries =
                        open.entrySet().iterator();
                entries.hasNext(); ) {
            var entry = entries.next();
            if (entry.getValue().equals(holder)) {
                entries.remove();
                entry.getKey().close();
                return true;
            }
        }
        return false;
    }

    synchronized int size() {
        return open.size();
    }
}
