package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.CallBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@link TokenBucket} for each credential at each host, however many connections use it: the service counts by
 * credential, not by our resources. Of different budgets for the same credential the strictest holds.
 */
final class CallBudgets {

    private final Pacer pacer;
    private final Map<String, Shared> byCredential = new HashMap<>();

    CallBudgets(Pacer pacer) {
        this.pacer = pacer;
    }

    /** A connection's share of a bucket, given back by closing it. */
    final class Lease implements AutoCloseable {
        private final String key;
        private final CallBudget budget;
        private final TokenBucket bucket;
        private boolean closed;

        private Lease(String key, CallBudget budget, TokenBucket bucket) {
            this.key = key;
            this.budget = budget;
            this.bucket = bucket;
        }

        TokenBucket bucket() {
            return bucket;
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }

    private record Shared(TokenBucket bucket, List<Lease> leases) {
        private void fit() {
            double perSecond = leases.stream()
                    .mapToDouble(lease -> lease.budget.perSecond())
                    .min()
                    .orElseThrow();
            int burst = leases.stream()
                    .mapToInt(lease -> lease.budget.burst())
                    .min()
                    .orElseThrow();
            bucket.resize(new CallBudget(perSecond, burst));
        }
    }

    /** @param key host and a digest of the credential, never the credential itself */
    synchronized Lease lease(String key, CallBudget budget) {
        // A bucket outlives its last connection until it is full again: reconnecting must not refill it.
        byCredential
                .values()
                .removeIf(shared -> shared.leases().isEmpty() && shared.bucket().isFresh());
        var shared =
                byCredential.computeIfAbsent(key, _ -> new Shared(new TokenBucket(budget, pacer), new ArrayList<>()));
        var lease = new Lease(key, budget, shared.bucket());
        shared.leases().add(lease);
        shared.fit();
        return lease;
    }

    /** What is left of the budget of which least is left, 0 to 1; 1 when there is none. */
    synchronized double left() {
        return byCredential.values().stream()
                .mapToDouble(shared -> shared.bucket().left())
                .min()
                .orElse(1);
    }

    private synchronized void giveBack(Lease lease) {
        if (lease.closed) {
            return;
        }
        lease.closed = true;
        var shared = byCredential.get(lease.key);
        if (shared != null && shared.leases().remove(lease) && !shared.leases().isEmpty()) {
            shared.fit();
        }
    }
}
