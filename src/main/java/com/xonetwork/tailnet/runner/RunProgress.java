package com.xonetwork.tailnet.runner;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the events of one attempt add up to, so far.
 *
 * @param received events that were kept
 * @param lastCounter of the last one that is known of; with {@code received} and {@code dropped} tells whether any are missing
 * @param dropped events that arrived and were not kept: the attempt, or its namespace, had more than its share
 * @param hosts by name, each host that was heard of
 * @param hostKeys lines for a known_hosts file that the runner learnt
 * @param summary once the last event arrived
 */
public record RunProgress(
        long received,
        long lastCounter,
        long dropped,
        Map<String, Host> hosts,
        List<String> hostKeys,
        Optional<RunSummary> summary) {

    public static final RunProgress NONE = new RunProgress(0, 0, 0, Map.of(), List.of(), Optional.empty());

    /** With everything that arrived. */
    public RunProgress(
            long received,
            long lastCounter,
            Map<String, Host> hosts,
            List<String> hostKeys,
            Optional<RunSummary> summary) {
        this(received, lastCounter, 0, hosts, hostKeys, summary);
    }
}
