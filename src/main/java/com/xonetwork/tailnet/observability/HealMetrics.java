package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus;
import com.xonetwork.tailnet.status.Conditions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What HealPolicies see and do: {@code xo.tailnet.heal.*}, by namespace and policy. */
public final class HealMetrics {

    private final MeterRegistry registry;
    private final Map<String, HealPolicyStatus> latest = new ConcurrentHashMap<>();
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    public HealMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param started remedies that were begun just now */
    public void report(HealPolicy policy, HealPolicyStatus status, long started) {
        var uid = policy.getMetadata().getUid();
        latest.put(uid, status);
        meters.computeIfAbsent(
                uid,
                unused -> List.of(
                        gauge(
                                policy,
                                "xo.tailnet.heal.unhealthy",
                                "Nodes that are not healthy.",
                                there -> there.unhealthyNodes().size()),
                        gauge(
                                policy,
                                "xo.tailnet.heal.storm",
                                "1 while a storm or a common cause holds remedies back.",
                                there -> Conditions.isTrue(there.conditions(), Conditions.STORM_ACTIVE) ? 1 : 0)));
        Counter.builder("xo.tailnet.heal.remediations")
                .description("Remedies that were begun.")
                .tags(tags(policy))
                .register(registry)
                .increment(started);
    }

    private Gauge gauge(HealPolicy policy, String name, String description, ToDoubleFunction<HealPolicyStatus> value) {
        var uid = policy.getMetadata().getUid();
        return Gauge.builder(name, latest, all -> {
                    var status = all.get(uid);
                    return status == null ? Double.NaN : value.applyAsDouble(status);
                })
                .description(description)
                .tags(tags(policy))
                .register(registry);
    }

    private static Tags tags(HealPolicy policy) {
        return Tags.of(
                "namespace", policy.getMetadata().getNamespace(),
                "policy", policy.getMetadata().getName());
    }

    /** The policy is gone, and so are its series. */
    public void forget(HealPolicy policy) {
        var uid = policy.getMetadata().getUid();
        latest.remove(uid);
        var gone = meters.remove(uid);
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }
}
