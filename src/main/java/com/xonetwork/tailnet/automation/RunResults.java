package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RetryScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What became of the machines of a run, over all attempts.
 *
 * @param hosts the worst first, then by name
 * @param more machines that are counted and not listed: a termination message has no room for all
 */
record RunResults(HostTotals totals, List<Host> hosts, int more) {

    private static final Comparator<Host> WORST_FIRST =
            Comparator.comparing(Host::state).thenComparing(Host::name);

    /** What an attempt's summary, or else its events, say of its machines, and what earlier attempts said of the others. */
    static RunResults of(AttemptState attempt) {
        var order = attempt.order().orElse(new AttemptOrder(List.of(), List.of()));
        var summary = attempt.summary();
        var heard = attempt.progress().hosts();
        // Steps went well; whether they were all is told by a summary alone.
        var isSure = summary.isPresent() || !attempt.hasEnded() || order.isOneTask();
        var told = summary.map(found -> byName(found.hosts())).orElse(Map.of());
        var hosts = new ArrayList<Host>();
        var more = summary.map(found -> found.more()).orElse(0);
        for (var name : order.hosts()) {
            var host = told.containsKey(name) ? told.get(name) : heard.get(name);
            if (host != null) {
                hosts.add(isSure ? host : unfinished(host));
            } else if (more == 0) {
                hosts.add(new Host(name, HostState.PENDING, null, null, null, null, null, null));
            }
        }
        // With events, even what the summary had no room for is known.
        more = order.hosts().size() - hosts.size();
        var listed = totals(hosts);
        var own = more == 0 || summary.isEmpty() ? listed : summary.get().totals();
        hosts.addAll(order.carried());
        hosts.sort(WORST_FIRST);
        return new RunResults(sum(own, totals(order.carried())), List.copyOf(hosts), more);
    }

    private static Host unfinished(Host host) {
        return isBad(host.state())
                ? host
                : new Host(
                        host.name(),
                        host.state() == HostState.PENDING ? HostState.PENDING : HostState.RUNNING,
                        host.ok(),
                        host.changed(),
                        host.failed(),
                        host.skipped(),
                        host.task(),
                        host.firstError(),
                        host.outputs());
    }

    private static boolean isBad(HostState state) {
        return state == HostState.FAILED || state == HostState.UNREACHABLE;
    }

    private static boolean isDone(HostState state) {
        return state == HostState.OK || state == HostState.CHANGED || state == HostState.SKIPPED;
    }

    private static Map<String, Host> byName(List<Host> hosts) {
        return hosts.stream().collect(Collectors.toMap(Host::name, Function.identity(), (first, second) -> first));
    }

    static HostTotals totals(List<Host> hosts) {
        int ok = 0;
        int changed = 0;
        int failed = 0;
        int unreachable = 0;
        int skipped = 0;
        int unfinished = 0;
        for (var host : hosts) {
            switch (host.state()) {
                case OK -> ok++;
                case CHANGED -> {
                    ok++;
                    changed++;
                }
                case FAILED -> failed++;
                case UNREACHABLE -> unreachable++;
                case SKIPPED -> skipped++;
                case RUNNING, PENDING -> unfinished++;
            }
        }
        return new HostTotals(hosts.size(), ok, changed, failed, unreachable, skipped, unfinished);
    }

    private static HostTotals sum(HostTotals a, HostTotals b) {
        return new HostTotals(
                a.total() + b.total(),
                a.ok() + b.ok(),
                a.changed() + b.changed(),
                a.failed() + b.failed(),
                a.unreachable() + b.unreachable(),
                a.skipped() + b.skipped(),
                a.unfinished() + b.unfinished());
    }

    /** It is known of each machine how it ended. */
    boolean isComplete() {
        return more == 0;
    }

    /** Every machine is as wanted, or nothing was wanted of it. */
    boolean isAllWell() {
        return totals.ok() + totals.skipped() == totals.total();
    }

    /** Names of those that a further attempt with this scope is for. */
    List<String> toRetry(RetryScope scope) {
        return hosts.stream()
                .filter(host -> switch (scope) {
                    case ALL -> true;
                    case FAILED_HOSTS -> !isDone(host.state());
                    case UNREACHABLE_HOSTS -> host.state() == HostState.UNREACHABLE;
                })
                .map(Host::name)
                .sorted()
                .toList();
    }

    /** The results of all machines but these. */
    List<Host> without(List<String> names) {
        return hosts.stream().filter(host -> !names.contains(host.name())).toList();
    }
}
