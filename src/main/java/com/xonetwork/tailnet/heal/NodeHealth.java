package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How a node is, by the conditions that its policy names.
 *
 * @param since when it came to this
 * @param due when time alone makes it unhealthy; {@link Instant#MAX} when it does not
 */
@Pure
record NodeHealth(TailnetNode node, State state, Instant since, Instant due, String evidence) {

    enum State {
        /** It is new, and has not joined yet. */
        STARTING,
        HEALTHY,
        /** A condition is there that makes it unhealthy if it lasts. */
        FAILING,
        UNHEALTHY,
        /** Nothing is known: not the same as unhealthy. */
        UNKNOWN
    }

    String name() {
        return node.getMetadata().getName();
    }

    boolean isDown() {
        return state == State.FAILING || state == State.UNHEALTHY;
    }

    /**
     * Whatever its conditions say, no remedy is for it: the operator does not know whose machine it would be done to, or there is
     * nothing that it could be judged by. Joining is the node's own affair.
     */
    private static NodeHealth withoutDevice(TailnetNode node, List<Condition> conditions, Instant created) {
        var condition = Conditions.find(conditions, ConditionType.JOINED);
        return new NodeHealth(
                node,
                State.UNKNOWN,
                condition
                        .map(found -> Instant.parse(found.lastTransitionTime()))
                        .orElse(created),
                Instant.MAX,
                "it has no device, or more than one"
                        + condition.map(found -> " (" + found.reason() + ")").orElse(""));
    }

    static NodeHealth of(TailnetNode node, HealPolicySpec spec, Instant now) {
        var created = Instant.parse(node.getMetadata().getCreationTimestamp());
        var status = node.getStatus();
        var conditions = status == null ? List.<Condition>of() : status.conditions();
        var joined = Conditions.find(conditions, ConditionType.JOINED)
                .filter(condition -> Condition.TRUE.equals(condition.status()))
                .map(condition -> Instant.parse(condition.lastTransitionTime()));
        var started = created.plus(DurationText.parse(spec.nodeStartupTimeout()));
        if (joined.isEmpty() && now.isBefore(started)) {
            return new NodeHealth(node, State.STARTING, created, started, "it is new");
        }
        if (joined.isEmpty()) {
            return withoutDevice(node, conditions, created);
        }
        var worst = spec.unhealthyConditions().stream()
                .flatMap(wanted -> Conditions.named(conditions, wanted.type()).stream()
                        .filter(condition -> condition.status().equals(wanted.status()))
                        .map(condition -> {
                            // Before it joined it could not be online: that was no failure.
                            var since = joined.filter(Instant.parse(condition.lastTransitionTime())::isBefore)
                                    .orElse(Instant.parse(condition.lastTransitionTime()));
                            var due = since.plus(DurationText.parse(wanted.duration()));
                            return new NodeHealth(
                                    node,
                                    now.isBefore(due) ? State.FAILING : State.UNHEALTHY,
                                    since,
                                    now.isBefore(due) ? due : Instant.MAX,
                                    wanted.type() + " is " + wanted.status() + " (" + condition.reason() + ")");
                        }))
                .max(Comparator.comparing(NodeHealth::state)
                        .thenComparing(NodeHealth::since, Comparator.reverseOrder()));
        if (worst.isPresent()) {
            return worst.get();
        }
        var known = spec.unhealthyConditions().stream()
                .flatMap(wanted -> Conditions.named(conditions, wanted.type()).stream())
                .toList();
        var since = known.stream()
                .map(condition -> Instant.parse(condition.lastTransitionTime()))
                .max(Comparator.naturalOrder())
                .orElse(created);
        var isKnown =
                !known.isEmpty() && known.stream().noneMatch(condition -> Condition.UNKNOWN.equals(condition.status()));
        return new NodeHealth(
                node, isKnown ? State.HEALTHY : State.UNKNOWN, since, Instant.MAX, isKnown ? "healthy" : "not known");
    }
}
