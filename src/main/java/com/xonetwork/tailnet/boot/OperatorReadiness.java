package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.leadership.Leadership;
import io.quarkiverse.operatorsdk.runtime.OperatorHealthCheck;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: it leads and all its caches are filled, or it can see another that leads. The extension's own check, which this one asks
 * about the caches, would keep a standby from serving the API.
 */
@Readiness
@Singleton
final class OperatorReadiness implements HealthCheck {

    private final Leadership leadership;
    private final OperatorHealthCheck reconcilers;

    OperatorReadiness(Leadership leadership, @Readiness OperatorHealthCheck reconcilers) {
        this.leadership = leadership;
        this.reconcilers = reconcilers;
    }

    @Override
    public HealthCheckResponse call() {
        if (leadership.leads()) {
            return reconcilers.call();
        }
        var leader = leadership.leader();
        var response = HealthCheckResponse.named("leader election").status(leader.isPresent());
        leader.ifPresent(replica -> response.withData("leader", replica.name()));
        return response.build();
    }
}
