package com.xonetwork.tailnet.runner;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds events up, one after the other. Not for several threads. */
final class ProgressCount {

    /** A run has at most so many machines; more names than that are not of this run. */
    private static final int MOST_HOSTS = 2_000;

    private static final int MOST_HOST_KEYS = 10_000;
    private static final int LONGEST_TEXT = 512;

    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<String> hostKeys = new ArrayList<>();
    private Optional<RunSummary> summary = Optional.empty();
    private long received;
    private long lastCounter;

    void add(RunEvent event) {
        received++;
        lastCounter = event.counter();
        switch (event.type()) {
            case RunEvent.RUN_FINISHED -> summary = RunSummary.of(event.data());
            case RunEvent.HOST_KEYS -> {
                if (event.data() != null && hostKeys.size() < MOST_HOST_KEYS) {
                    event.data().path("lines").forEach(line -> hostKeys.add(line.asText()));
                }
            }
            default -> {
                var host = event.host();
                if (host != null && (hosts.containsKey(host) || hosts.size() < MOST_HOSTS)) {
                    hosts.put(host, after(hosts.get(host), host, event));
                }
            }
        }
    }

    private static Host after(@Nullable Host before, String name, RunEvent event) {
        var was = before == null ? new Host(name, HostState.SKIPPED, 0, 0, 0, 0, null, null) : before;
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
            case RunEvent.HOST_SKIPPED ->
                counted(was, hasChanged(was) ? HostState.CHANGED : HostState.OK, event, 0, 0, 0, 1);
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
                                event.task(),
                                null);
            default -> was;
        };
    }

    private static Host counted(
            Host was, HostState state, RunEvent event, int ok, int changed, int failed, int skipped) {
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

    private static boolean hasChanged(Host host) {
        return host.changed() != null && host.changed() > 0;
    }

    private static boolean isWorse(HostState state) {
        return state == HostState.FAILED || state == HostState.UNREACHABLE;
    }

    private static int sum(@Nullable Integer before, int more) {
        return (before == null ? 0 : before) + more;
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }

    long lastCounter() {
        return lastCounter;
    }

    RunProgress progress() {
        return new RunProgress(received, lastCounter, Map.copyOf(hosts), List.copyOf(hostKeys), summary);
    }
}
