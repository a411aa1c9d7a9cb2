package com.xonetwork.tailnet.route;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteStatus.Router;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes a plan down as a status. */
@Pure
final class SubnetRouteStatuses {

    private SubnetRouteStatuses() {}

    static SubnetRouteStatus of(SubnetRoute route, SubnetRoutePlan plan, Instant now) {
        var before = Optional.ofNullable(route.getStatus());
        var generation = route.getMetadata().getGeneration();
        var conditions = Conditions.merge(
                before.map(SubnetRouteStatus::conditions).orElse(List.of()),
                Conditions.summarize(plan.facts(), "every CIDR is advertised, approved and served"),
                generation,
                now);
        var routers = plan.routers().stream()
                .map(router -> new Router(
                        router.node(),
                        router.deviceId(),
                        Conditions.merge(conditionsOf(before, router.node()), router.facts(), generation, now)))
                .toList();
        return new SubnetRouteStatus(
                generation, conditions, plan.routes(), routers, route.getSpec().cidrs());
    }

    private static List<Condition> conditionsOf(Optional<SubnetRouteStatus> status, String node) {
        return status.stream()
                .flatMap(known -> known.routers().stream())
                .filter(router -> router.node().equals(node))
                .findFirst()
                .map(Router::conditions)
                .orElse(List.of());
    }
}
