package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.inventory.TailnetNodeEventSource;
import com.xonetwork.tailnet.kube.Pages;
import com.xonetwork.tailnet.kube.SpecOrLabelsChanged;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What wakes a run: its template, its machines, its Jobs and their pods, its events, and the end of runs that it waits for. */
final class AutomationRunEventSources {

    /** Index of runs by their UID. */
    static final String UID = "uid";
    /** Index of runs by {@link #templateKey}. */
    static final String TEMPLATE = "template";

    private static final String JOBS = "jobs";
    private static final String PODS = "pods";
    private static final SpecOrLabelsChanged<TailnetNode> NODE_CHANGED = new SpecOrLabelsChanged<>();

    private AutomationRunEventSources() {}

    static List<EventSource<?, AutomationRun>> all(
            EventSourceContext<AutomationRun> context,
            TailnetNodeCache nodes,
            RunEventStore store,
            HostClaims claims,
            WokenRuns woken,
            Consumer<AutomationTemplate> templateGone) {
        var runs = context.getPrimaryCache();
        runs.addIndexer(UID, run -> List.of(run.getMetadata().getUid()));
        runs.addIndexer(
                TEMPLATE,
                run -> List.of(templateKey(
                        run.getMetadata().getNamespace(),
                        run.getSpec().templateRef().name())));
        return List.of(
                templates(context, runs, templateGone),
                jobs(context, claims),
                pods(context, claims),
                woken,
                new RunEventsSource(store, attempt -> ids(runs.byIndex(UID, attempt.runUid()))),
                new TailnetNodeEventSource<>(nodes, context, (before, now) -> concernedBy(before, now, runs)));
    }

    /** A run that has not started depends on what its machines are asked to be, and on where they are. */
    private static Set<ResourceID> concernedBy(
            @Nullable TailnetNode before, @Nullable TailnetNode now, IndexedResourceCache<AutomationRun> runs) {
        var node = now == null ? before : now;
        var isSame = before != null
                && now != null
                && !NODE_CHANGED.accept(now, before)
                && Objects.equals(address(before), address(now));
        return node == null || isSame
                ? Set.of()
                : unstarted(runs, node.getMetadata().getNamespace());
    }

    private static @Nullable String address(TailnetNode node) {
        var status = node.getStatus();
        return status == null ? null : status.address();
    }

    private static EventSource<?, AutomationRun> templates(
            EventSourceContext<AutomationRun> context,
            IndexedResourceCache<AutomationRun> runs,
            Consumer<AutomationTemplate> gone) {
        return new InformerEventSource<AutomationTemplate, AutomationRun>(
                InformerEventSourceConfiguration.from(AutomationTemplate.class, AutomationRun.class)
                        .withName("templates")
                        .withInformerListLimit(Pages.OF_LARGE)
                        .withSecondaryToPrimaryMapper(template -> ids(runs.byIndex(
                                TEMPLATE,
                                templateKey(
                                        template.getMetadata().getNamespace(),
                                        template.getMetadata().getName()))))
                        .withPrimaryToSecondaryMapper((AutomationRun run) -> Set.of(new ResourceID(
                                run.getSpec().templateRef().name(),
                                run.getMetadata().getNamespace())))
                        .withOnUpdateFilter(new SpecOrLabelsChanged<>())
                        .build(),
                context) {
            @Override
            public void onDelete(AutomationTemplate template, boolean deletedFinalStateUnknown) {
                super.onDelete(template, deletedFinalStateUnknown);
                gone.accept(template);
            }
        };
    }

    private static EventSource<?, AutomationRun> jobs(EventSourceContext<AutomationRun> context, HostClaims claims) {
        return new Ends<>(
                InformerEventSourceConfiguration.from(Job.class, AutomationRun.class)
                        .withName(JOBS)
                        .withLabelSelector(RunnerJob.SELECTOR)
                        .withSecondaryToPrimaryMapper(Mappers.fromOwnerReferences(AutomationRun.class))
                        .build(),
                context,
                JobStates::hasEnded,
                job -> claims.letGo(HostClaims.key(job)));
    }

    /** All runs' Jobs that the cache has. */
    static List<Job> jobs(Context<AutomationRun> context) {
        return ((InformerEventSource<Job, AutomationRun>)
                        context.eventSourceRetriever().getEventSourceFor(Job.class, JOBS))
                .list()
                .toList();
    }

    /** All runs' pods that the cache has. */
    static List<Pod> pods(Context<AutomationRun> context) {
        return ((InformerEventSource<Pod, AutomationRun>)
                        context.eventSourceRetriever().getEventSourceFor(Pod.class, PODS))
                .list()
                .toList();
    }

    private static EventSource<?, AutomationRun> pods(EventSourceContext<AutomationRun> context, HostClaims claims) {
        return new Ends<>(
                InformerEventSourceConfiguration.from(Pod.class, AutomationRun.class)
                        .withName(PODS)
                        .withLabelSelector(RunnerJob.SELECTOR)
                        .withSecondaryToPrimaryMapper(pod -> {
                            var annotations = pod.getMetadata().getAnnotations();
                            var run = annotations == null ? null : annotations.get(RunnerJob.RUN_ANNOTATION);
                            return run == null
                                    ? Set.of()
                                    : Set.of(new ResourceID(
                                            run, pod.getMetadata().getNamespace()));
                        })
                        .build(),
                context,
                JobStates::hasEnded,
                // It may have had machines for longer than its Job was there.
                pod -> AttemptJobs.jobOf(pod)
                        .ifPresent(job ->
                                claims.letGo(HostClaims.key(pod.getMetadata().getNamespace(), job.getName()))));
    }

    /** Tells besides, once, that a Job or a pod has ended, and that it is gone: what it had is free then. */
    private static final class Ends<R extends HasMetadata> extends InformerEventSource<R, AutomationRun> {
        private final Predicate<R> hasEnded;
        private final Consumer<R> letGo;

        Ends(
                InformerEventSourceConfiguration<R> configuration,
                EventSourceContext<AutomationRun> context,
                Predicate<R> hasEnded,
                Consumer<R> letGo) {
            super(configuration, context);
            this.hasEnded = hasEnded;
            this.letGo = letGo;
        }

        @Override
        public void onAdd(R added) {
            super.onAdd(added);
            if (hasEnded.test(added)) {
                letGo.accept(added);
            }
        }

        @Override
        public void onUpdate(R before, R now) {
            super.onUpdate(before, now);
            if (hasEnded.test(now) && !hasEnded.test(before)) {
                letGo.accept(now);
            }
        }

        @Override
        public void onDelete(R removed, boolean deletedFinalStateUnknown) {
            super.onDelete(removed, deletedFinalStateUnknown);
            letGo.accept(removed);
        }
    }

    private static Set<ResourceID> unstarted(IndexedResourceCache<AutomationRun> runs, String namespace) {
        return ids(runs.list(namespace)
                .filter(run -> run.getStatus() == null || run.getStatus().attempt() == null)
                .filter(run -> !RunPhase.of(run.getStatus()).isTerminal())
                .toList());
    }

    static String templateKey(String namespace, String name) {
        return namespace + "/" + name;
    }

    private static Set<ResourceID> ids(List<AutomationRun> runs) {
        return runs.stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }
}
