package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which runs of a template are removed now, because they have ended long enough ago or there are too many of them.
 * Only what has ended, is recorded, and belongs to nobody else can go: what made a run may count on its end (a HealPolicy, a
 * TailnetNode), or make it again (whatever keeps it in Git).
 */
@Pure
final class RetentionPlanner {

    /** Whoever waits for a run's end can read how it went. */
    static final Duration READABLE = Duration.ofMinutes(1);

    /** While the run is there, its order is not carried out twice, however often it is sent. */
    static final Duration SAME_ORDER = Duration.ofHours(24);

    /** Of one look: it must not take long. */
    static final int MOST_AT_ONCE = 100;

    private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

    /** Labels and annotations of what makes a run again that is gone. */
    private static final Set<String> KEPT_ELSEWHERE = Set.of(
            "argocd.argoproj.io/tracking-id",
            "argocd.argoproj.io/instance",
            "app.kubernetes.io/instance",
            "kustomize.toolkit.fluxcd.io/name",
            "helm.toolkit.fluxcd.io/name",
            "meta.helm.sh/release-name",
            "objectset.rio.cattle.io/hash",
            "kapp.k14s.io/app");

    private enum Group {
        SUCCEEDED,
        OTHERWISE,
        /** Cancelled, denied or invalid before anything ran: many of them push out no record of what did run. */
        NOT_STARTED
    }

    private record Ended(AutomationRun run, Instant at, Group group) {
        /** Newest first. */
        static final Comparator<Ended> ORDER = Comparator.comparing(Ended::at)
                .thenComparing(ended -> ended.run().getMetadata().getName())
                .reversed();
    }

    /**
     * What is to be done.
     *
     * @param lookAgain when a further run may go; empty when only a new end or another spec can make one go
     */
    record Plan(List<AutomationRun> remove, Optional<Duration> lookAgain) {
        static final Plan NOTHING = new Plan(List.of(), Optional.empty());
    }

    private RetentionPlanner() {}

    /** @param runs of the template; where some are missing, fewer are removed and never others */
    static Plan plan(AutomationTemplateSpec spec, Collection<AutomationRun> runs, Instant now) {
        if (spec.ttlSecondsAfterFinished() == null
                && spec.successfulRunsHistoryLimit() == null
                && spec.failedRunsHistoryLimit() == null) {
            return Plan.NOTHING;
        }
        var remove = new ArrayList<AutomationRun>();
        Instant next = null;
        Map<Group, Integer> newer = new EnumMap<>(Group.class);
        var ended = runs.stream()
                .flatMap(run -> ended(run).stream())
                .sorted(Ended.ORDER)
                .toList();
        for (var one : ended) {
            var due = due(spec, one, newer.merge(one.group(), 1, Integer::sum) - 1);
            if (due != null && !now.isBefore(due)) {
                remove.add(one.run());
            } else if (due != null && (next == null || due.isBefore(next))) {
                next = due;
            }
        }
        // The oldest first.
        var first = remove.reversed().stream().limit(MOST_AT_ONCE).toList();
        if (first.size() < remove.size()) {
            return new Plan(first, Optional.of(NEXT_LOOK));
        }
        return new Plan(first, Optional.ofNullable(next).map(due -> Duration.between(now, due)));
    }

    /**
     * When the run may go.
     *
     * @param newer runs of the same group that ended later
     * @return null for never, as things are
     */
    private static @Nullable Instant due(AutomationTemplateSpec spec, Ended ended, int newer) {
        var ttl = spec.ttlSecondsAfterFinished();
        var limit =
                ended.group() == Group.SUCCEEDED ? spec.successfulRunsHistoryLimit() : spec.failedRunsHistoryLimit();
        var readable = ended.at().plus(READABLE);
        var byAge = ttl == null ? null : ended.at().plusSeconds(ttl);
        var due = limit != null && newer >= limit ? readable : byAge;
        if (due == null) {
            return null;
        }
        var least = isOrderedOnce(ended.run()) ? ended.at().plus(SAME_ORDER) : readable;
        return due.isBefore(least) ? least : due;
    }

    private static Optional<Ended> ended(AutomationRun run) {
        var status = run.getStatus();
        if (status == null || !RunPhase.of(status).isTerminal() || !mayGo(run)) {
            return Optional.empty();
        }
        var finished = status.finishedAt();
        var recorded = Conditions.find(status.conditions(), ConditionType.SUCCEEDED);
        if (finished == null || recorded.isEmpty()) {
            return Optional.empty();
        }
        var group = status.attempt() == null
                ? Group.NOT_STARTED
                : RunPhase.of(status) == RunPhase.SUCCEEDED ? Group.SUCCEEDED : Group.OTHERWISE;
        try {
            return Optional.of(new Ended(
                    run,
                    later(Instant.parse(finished), Instant.parse(recorded.get().lastTransitionTime())),
                    group));
        } catch (DateTimeException e) {
            // Not as this operator writes it.
            return Optional.empty();
        }
    }

    /** The end is the node's time of day, the record this operator's: one of the two clocks may be wrong. */
    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static boolean mayGo(AutomationRun run) {
        var metadata = run.getMetadata();
        return !run.isMarkedForDeletion()
                && metadata.getOwnerReferences().isEmpty()
                && !hasMark(metadata.getLabels())
                && !hasMark(metadata.getAnnotations());
    }

    private static boolean hasMark(@Nullable Map<String, String> words) {
        return words != null && words.keySet().stream().anyMatch(KEPT_ELSEWHERE::contains);
    }

    private static boolean isOrderedOnce(AutomationRun run) {
        var annotations = run.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(ApiGroup.REQUEST_ANNOTATION);
    }
}
