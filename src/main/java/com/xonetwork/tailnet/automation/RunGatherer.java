package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.Age;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.util.Optional;

/** Gathers what a run's plan depends on, from caches and, what no cache has, by name. */
final class RunGatherer {

    private final TailnetNodeCache nodes;
    private final AttemptGatherer attempts;
    private final AttemptReads reads;
    private final HostClaims claims;
    private final String defaultImage;
    private final Clock clock;

    RunGatherer(
            TailnetNodeCache nodes,
            AttemptGatherer attempts,
            AttemptReads reads,
            HostClaims claims,
            String defaultImage,
            Clock clock) {
        this.nodes = nodes;
        this.attempts = attempts;
        this.reads = reads;
        this.claims = claims;
        this.defaultImage = defaultImage;
        this.clock = clock;
    }

    RunInput gather(AutomationRun run, Context<AutomationRun> context) {
        var namespace = run.getMetadata().getNamespace();
        var attempt = attempts.gather(run, context);
        var template = template(run, context);
        return new RunInput(
                run,
                template.orElse(null),
                template.map(found -> reads.source(namespace, found.getSpec().source()))
                        .orElse(new RunSource(null, null)),
                nodes.list(namespace, node -> true).toList(),
                attempt,
                template.filter(found -> found.getSpec().concurrencyPolicy() == ConcurrencyPolicy.REPLACE)
                        .flatMap(found -> laterRun(run, context)),
                defaultImage,
                clock.instant());
    }

    private static Optional<AutomationTemplate> template(AutomationRun run, Context<AutomationRun> context) {
        return context.getSecondaryResources(AutomationTemplate.class).stream()
                .filter(template -> template.getMetadata()
                        .getName()
                        .equals(run.getSpec().templateRef().name()))
                .findFirst();
    }

    private Optional<String> laterRun(AutomationRun run, Context<AutomationRun> context) {
        return context.getPrimaryCache()
                .list(run.getMetadata().getNamespace())
                .filter(other -> other.getSpec()
                        .templateRef()
                        .name()
                        .equals(run.getSpec().templateRef().name()))
                .filter(other -> Age.OLDEST_FIRST.compare(other, run) > 0 && !other.isMarkedForDeletion())
                .filter(other -> !other.getSpec().cancel())
                // One that is not valid, not approved or over replaces nothing.
                .filter(other -> claims.mayRun(ResourceID.fromResource(other))
                        || RunPhase.of(other.getStatus()) == RunPhase.RUNNING)
                .map(other -> other.getMetadata().getName())
                .findFirst();
    }
}
