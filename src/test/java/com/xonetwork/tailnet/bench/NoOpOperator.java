package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import com.xonetwork.tailnet.status.StatusPatch;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The reference: a reconciler of the same framework that looks at nothing and writes one Ready condition for each TailnetNode and
 * generation, with the framework's own settings. Says {@code started} when it watches.
 */
public final class NoOpOperator {

    static final String STARTED = "started";

    private NoOpOperator() {}

    /** @param arguments none; or namespace, name and seconds of a Lease to lead by */
    public static void main(String[] arguments) {
        var operator = arguments.length == 0
                ? new Operator()
                : new Operator(settings -> settings.withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(arguments[1])
                                .withLeaseNamespace(arguments[0])
                                .withIdentity(
                                        String.valueOf(ProcessHandle.current().pid()))
                                .withLeaseDuration(Duration.ofSeconds(Long.parseLong(arguments[2])))
                                .build()));
        operator.register(new ReadyAtOnce());
        operator.start();
        System.out.println(STARTED);
    }

    @ControllerConfiguration(name = "noop")
    static final class ReadyAtOnce implements Reconciler<TailnetNode> {

        @Override
        public UpdateControl<TailnetNode> reconcile(TailnetNode node, Context<TailnetNode> context) {
            if (NodeWatch.isObserved(node)) {
                return UpdateControl.noUpdate();
            }
            var generation = node.getMetadata().getGeneration();
            var since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            var ready = new Condition("Ready", Condition.TRUE, "Ready", "looked at nothing", generation, since);
            var status = new TailnetNodeStatus(
                    generation,
                    List.of(ready),
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    List.of(),
                    List.of(),
                    List.of(),
                    null);
            return UpdateControl.patchStatus(StatusPatch.of(node, new TailnetNode(), status));
        }
    }
}
