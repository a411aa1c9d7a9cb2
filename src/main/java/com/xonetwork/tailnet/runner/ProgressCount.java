package com.xonetwork.tailnet.runner;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds events up that {@link EventRules} let in, one after the other, in bounded memory. Not for several threads. */
final class ProgressCount {

    private static final int LONGEST_TEXT = 512;
    /** Characters of tasks and errors, over all machines. */
    private static final int LONGEST_TEXTS = 256 * 1024;

    private static final int SHORT_TEXT = 64;
    /** Characters: a ConfigMap, where they go to, has room for 1 MiB. */
    private static final int LONGEST_HOST_KEYS = 512 * 1024;

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<String> hostKeys = new ArrayList<>();
    private Optional<RunSummary> summary = Optional.empty();
    private long texts;
    private long keys;
    private long received;
    private long dropped;
    private long lastCounter;

    /** One that is kept. */
    void add(RunEvent event) {
        received++;
        count(event);
    }

    /** One that is not kept, of which only what it means for its machine counts. */
    void addDropped(RunEvent event) {
        dropped++;
        count(event);
    }

    /** The one that was dropped last has found a place. */
    void keptAfterAll() {
        dropped--;
        received++;
    }

    /** All up to this one are known of and none of them is kept. */
    void drop(long upTo) {
        dropped += upTo - lastCounter;
        lastCounter = upTo;
    }

    private void count(RunEvent event) {
        lastCounter = event.counter();
        switch (event.type()) {
            case RunEvent.RUN_FINISHED -> summary = RunSummary.of(event.data());
            case RunEvent.HOST_KEYS -> {
                if (event.data() != null) {
                    event.data().path("lines").forEach(line -> addKey(line.asText()));
                }
            }
            default -> {
                var host = event.host();
                if (host != null && (hosts.containsKey(host) || hosts.size() < RunSummary.MOST_HOSTS)) {
                    put(after(hosts.get(host), host, event));
                }
            }
        }
    }

    private void addKey(String line) {
        if (keys + line.length() <= LONGEST_HOST_KEYS) {
            keys += line.length();
            hostKeys.add(line);
        }
    }

    private void put(Host host) {
        var before = hosts.put(host.name(), host);
        texts += length(host) - (before == null ? 0 : length(before));
    }

    private static int length(Host host) {
        return length(host.task()) + length(host.firstError());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private @Nullable String cut(@Nullable String text) {
        return EventRules.cut(text, texts < LONGEST_TEXTS ? LONGEST_TEXT : SHORT_TEXT);
    }

    private Host after(@Nullable Host before, String name, RunEvent event) {
        var was = before == null ? new Host(name, HostState.PENDING, 0, 0, 0, 0, null, null) : before;
        var changed = Boolean.TRUE.equals(event.changed());
        return switch (event.type()) {
            case RunEvent.HOST_OK ->
                counted(
                        was,
                        changed || hasChanged(was) ? HostState.CHANGED : HostState.OK,
                        event,
                        1,
                        changed ? 1 : 0,
                        0,
                        0);
            case RunEvent.HOST_FAILED -> counted(was, HostState.FAILED, event, 0, 0, 1, 0);
            case RunEvent.HOST_UNREACHABLE -> counted(was, HostState.UNREACHABLE, event, 0, 0, 0, 0);
            // A task that does not apply leaves the machine as wanted.
            case RunEvent.HOST_SKIPPED -> counted(was, afterSkipped(was), event, 0, 0, 0, 1);
            case RunEvent.HOST_STARTED ->
                isWorse(was.state())
                        ? was
                        : new Host(
                                name,
                                HostState.RUNNING,
                                was.ok(),
                                was.changed(),
                                was.failed(),
                                was.skipped(),
                                cut(event.task()),
                                null);
            default -> was;
        };
    }

    private Host counted(Host was, HostState state, RunEvent event, int ok, int changed, int failed, int skipped) {
        var worse = isWorse(was.state());
        var bad = isWorse(state);
        return new Host(
                was.name(),
                worse && !bad ? was.state() : state,
                sum(was.ok(), ok),
                sum(was.changed(), changed),
                sum(was.failed(), failed),
                sum(was.skipped(), skipped),
                worse ? was.task() : bad ? cut(event.task()) : null,
                worse ? was.firstError() : bad ? cut(event.message()) : null);
    }

    private static HostState afterSkipped(Host was) {
        return hasChanged(was)
                ? HostState.CHANGED
                : was.ok() != null && was.ok() > 0 ? HostState.OK : HostState.SKIPPED;
    }

    private static boolean hasChanged(Host host) {
        return host.changed() != null && host.changed() > 0;
    }

    private static boolean isWorse(HostState state) {
        return state == HostState.FAILED || state == HostState.UNREACHABLE;
    }

    private static int sum(@Nullable Integer before, int more) {
        return (before == null ? 0 : before) + more;
    }

    long lastCounter() {
        return lastCounter;
    }

    long received() {
        return received;
    }

    long dropped() {
        return dropped;
    }

    boolean isFinished() {
        return summary.isPresent();
    }

    RunProgress progress() {
        return new RunProgress(received, lastCounter, dropped, Map.copyOf(hosts), List.copyOf(hostKeys), summary);
    }
}
