package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What HealPolicies see and do: {@code xo.tailnet.heal.*}, by namespace and policy. */
@Singleton
public final class HealMetrics {

    private final MeterRegistry registry;
    private final Map<String, HealPolicyStatus> latest = new ConcurrentHashMap<>();
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    public HealMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A remedy was begun. @param rung of the ladder, from 1 */
    public void begun(HealPolicy policy, int rung) {
        Metric.REMEDIATIONS
                .counter(
                        registry,
                        String.valueOf(rung),
                        policy.getMetadata().getNamespace(),
                        policy.getMetadata().getName())
                .increment();
    }

    /** How the policy's nodes are now. */
    public void report(HealPolicy policy, HealPolicyStatus status) {
        var uid = policy.getMetadata().getUid();
        latest.put(uid, status);
        meters.computeIfAbsent(
                uid,
                _ -> List.of(
                        gauge(
                                Metric.UNHEALTHY,
                                policy,
                                there -> there.unhealthyNodes().size()),
                        gauge(
                                Metric.STORM,
                                policy,
                                there -> Conditions.isTrue(there.conditions(), ConditionType.STORM_ACTIVE) ? 1 : 0)));
    }

    private Gauge gauge(Metric metric, HealPolicy policy, ToDoubleFunction<HealPolicyStatus> value) {
        var uid = policy.getMetadata().getUid();
        return metric.gauge(
                registry,
                latest,
                all -> {
                    var status = all.get(uid);
                    return status == null ? Double.NaN : value.applyAsDouble(status);
                },
                policy.getMetadata().getNamespace(),
                policy.getMetadata().getName());
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
