package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.KnownRuns;
import com.xonetwork.tailnet.automation.KnownTemplates;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.Controller;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Starts what reconciles in two steps, as the SDK does with its own election: the caches are filled in every replica, and events
 * wait in them until it is this one that acts on them. So who takes over has only to begin.
 */
@Singleton
final class Controllers {

    private static final Logger LOG = Logger.getLogger(Controllers.class);
    /** A CRD that was made a moment ago has its first watches closed again by the API server. */
    private static final int TRIES = 5;

    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final Operator operator;
    private final TailnetNodeCache nodes;
    private final KnownTemplates templates;
    private final KnownRuns runs;
    private final RunEventStore events;
    private final CacheMetrics metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Controllers(
            Operator operator,
            TailnetNodeCache nodes,
            KnownTemplates templates,
            KnownRuns runs,
            RunEventStore events,
            CacheMetrics metrics) {
        this.operator = operator;
        this.nodes = nodes;
        this.templates = templates;
        this.runs = runs;
        this.events = events;
        this.metrics = metrics;
    }

    /**
     * Fills the caches; returns when all are.
     *
     * @throws OperatorException if a kind could not be listed, time and again
     */
    void fill() {
        for (var tries = 1; ; tries++) {
            try {
                fillOnce();
                show();
                return;
            } catch (OperatorException e) {
                if (tries == TRIES) {
                    throw e;
                }
                LOG.warnf(e, "the caches could not be filled; retrying in %d s", BETWEEN.toSeconds());
                pause(e);
            }
        }
    }

    private void fillOnce() {
        var configuration = operator.getConfigurationService();
        configuration.getExecutorServiceManager().start(configuration);
        // The other controllers look TailnetNodes up in what this one has read.
        nodes.fillBy(() -> fill(TailnetNode.class::equals));
        fill(kind -> !kind.equals(TailnetNode.class));
    }

    private void fill(Predicate<Class<?>> kinds) {
        var executors = operator.getConfigurationService().getExecutorServiceManager();
        // What has been filled before is passed over.
        executors.boundedExecuteAndWaitForAllToComplete(
                controllers(kinds),
                controller -> {
                    controller.start(false);
                    return null;
                },
                controller -> "filler of " + controller.getConfiguration().getName());
    }

    @SuppressWarnings("unchecked") // the resource class says of what the cache is
    private void show() {
        controllers(AutomationTemplate.class::equals)
                .forEach(controller -> templates.readFrom(((Controller<AutomationTemplate>) controller)
                        .getEventSourceManager()
                        .getControllerEventSource()));
    }

    private Stream<Controller<?>> controllers(Predicate<Class<?>> kinds) {
        return operator.getRegisteredControllers().stream()
                .<Controller<?>>map(controller -> (Controller<?>) controller)
                .filter(controller -> kinds.test(controller.getConfiguration().getResourceClass()));
    }

    private void pause(OperatorException reason) {
        try {
            if (stopped.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw reason;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    /** Starts the controllers: they process the events queued so far, then new ones. */
    void begin() {
        events.keepOnlyWhere(attempt -> runs.exists(attempt.runUid()));
        operator.start();
        metrics.beRead(operator);
    }

    /** What is under way ends. */
    void stop() {
        stopped.countDown();
        operator.stop();
    }
}
