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
        var told = summary.map(found -> byName(found.hosts())).orElse(Map.of());
        var hosts = new ArrayList<Host>();
        var more = summary.map(found -> found.more()).orElse(0);
        for (var name : order.hosts()) {
            var host = told.containsKey(name) ? told.get(name) : heard.get(name);
            if (host != null) {
                hosts.add(host);
            } else if (more == 0) {
                hosts.add(new Host(name, HostState.SKIPPED, null, null, null, null, null, null));
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

    private static Map<String, Host> byName(List<Host> hosts) {
        return hosts.stream().collect(Collectors.toMap(Host::name, Function.identity(), (first, second) -> first));
    }

    static HostTotals totals(List<Host> hosts) {
        int ok = 0;
        int changed = 0;
        int failed = 0;
        int unreachable = 0;
        int skipped = 0;
        for (var host : hosts) {
            switch (host.state()) {
                case OK -> ok++;
                case CHANGED -> {
                    ok++;
                    changed++;
                }
                case FAILED -> failed++;
                case UNREACHABLE -> unreachable++;
                case RUNNING, SKIPPED -> skipped++;
            }
        }
        return new HostTotals(hosts.size(), ok, changed, failed, unreachable, skipped);
    }

    private static HostTotals sum(HostTotals a, HostTotals b) {
        return new HostTotals(
                a.total() + b.total(),
                a.ok() + b.ok(),
                a.changed() + b.changed(),
                a.failed() + b.failed(),
                a.unreachable() + b.unreachable(),
                a.skipped() + b.skipped());
    }

    /** It is known of each machine how it ended. */
    boolean isComplete() {
        return more == 0;
    }

    boolean isAllWell() {
        return totals.ok() == totals.total();
    }

    /** Names of those that a further attempt with this scope is for. */
    List<String> toRetry(RetryScope scope) {
        return hosts.stream()
                .filter(host -> switch (scope) {
                    case ALL -> true;
                    case FAILED_HOSTS -> host.state() != HostState.OK && host.state() != HostState.CHANGED;
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
