package com.xonetwork.tailnet.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Every metric of the operator's own, with its help text and its labels: what is not here cannot be made, and what is here stands in
 * {@code docs/reference/metrics.md}. Names are part of the public API. No label takes a value that a device or a stranger chooses.
 */
public enum Metric {
    LEADER(Kind.GAUGE, "xo.tailnet.leader", "1 in the replica that reconciles, 0 in the others."),
    RESOURCES(
            Kind.GAUGE,
            "xo.tailnet.resources",
            "Resources, by the status of their condition Ready (Unknown also when there is none yet).",
            "kind",
            "ready"),
    OLDEST_UNRECONCILED(
            Kind.GAUGE,
            "xo.tailnet.resources.oldest.unreconciled.seconds",
            "For how long the resource that has waited longest has had a spec that its status does not speak of; 0 when there is"
                    + " none. Seen when metrics are read, so it is as exact as they are read often.",
            "kind"),
    CALLS(
            Kind.TIMER,
            "xo.tailnet.control.plane.calls",
            "Calls to control planes, by operation and HTTP status (0: no answer).",
            "operation",
            "code"),
    BUDGET_LEFT(
            Kind.GAUGE,
            "xo.tailnet.control.plane.budget.left.ratio",
            "What is left of the burst of the call budget of which least is left: 1 is all of it; at 0 calls wait, or the control"
                    + " plane has asked for a pause."),
    THROTTLE(Kind.TIMER, "xo.tailnet.control.plane.throttle", "Time that calls waited for the call budget."),
    POLL_AGE(
            Kind.GAUGE,
            "xo.tailnet.poll.age.seconds",
            "Age of the list of devices that decisions are made on.",
            "namespace",
            "tailnet"),
    CLOCK_SKEW(
            Kind.GAUGE,
            "xo.tailnet.clock.skew.seconds",
            "Seconds that the operator's clock is ahead of the control plane's, to a second or so; negative when it is behind, NaN"
                    + " when no answer has told.",
            "namespace",
            "tailnet"),
    DEVICES(
            Kind.GAUGE,
            "xo.tailnet.devices",
            "Devices of the tailnet: online (connected, and the key has not expired) or offline.",
            "state",
            "namespace",
            "tailnet"),
    UNMANAGED(
            Kind.GAUGE,
            "xo.tailnet.devices.unmanaged",
            "Devices that no TailnetNode stands for.",
            "namespace",
            "tailnet"),
    UNAPPROVED(
            Kind.GAUGE,
            "xo.tailnet.routes.unapproved",
            "Routes that a device advertises and nobody has approved.",
            "namespace",
            "tailnet"),
    KEYS_EXPIRING(
            Kind.GAUGE,
            "xo.tailnet.device.keys.expiring",
            "Devices whose node key expires within the time, or has expired.",
            "within",
            "namespace",
            "tailnet"),
    NEXT_EXPIRY(
            Kind.GAUGE,
            "xo.tailnet.device.key.expires.next.seconds",
            "Seconds until the next node key of the tailnet expires; NaN when none does.",
            "namespace",
            "tailnet"),
    POLICY_IN_SYNC(
            Kind.GAUGE,
            "xo.tailnet.policy.in.sync",
            "1 while the policy in force is the merged one, 0 while it is not; NaN where no policy is managed.",
            "namespace",
            "tailnet"),
    POLICY_PUBLICATIONS(
            Kind.COUNTER,
            "xo.tailnet.policy.publications",
            "Policies that were sent to the control plane, by what it said: Published, or the kind of failure.",
            "result",
            "namespace",
            "tailnet"),
    RUNS(
            Kind.TIMER,
            "xo.tailnet.runs",
            "Runs that ended, by final phase, and how long they took.",
            "namespace",
            "template",
            "engine",
            "phase"),
    RUNS_LIVE(Kind.GAUGE, "xo.tailnet.runs.live", "Runs that have not ended.", "phase"),
    UNHEALTHY(Kind.GAUGE, "xo.tailnet.heal.unhealthy", "Nodes that are not healthy.", "namespace", "policy"),
    STORM(
            Kind.GAUGE,
            "xo.tailnet.heal.storm",
            "1 while a storm or a common cause holds remedies back.",
            "namespace",
            "policy"),
    REMEDIATIONS(
            Kind.COUNTER,
            "xo.tailnet.heal.remediations",
            "Remedies that were begun, by rung of the ladder (1 is the first). How each ended counts xo_tailnet_runs.",
            "rung",
            "namespace",
            "policy"),
    DELIVERIES(
            Kind.COUNTER,
            "xo.tailnet.webhook.deliveries",
            "Requests to the receiver of webhooks, by what became of them.",
            "outcome");

    /** What a metric is. */
    enum Kind {
        GAUGE,
        COUNTER,
        TIMER
    }

    private final Kind kind;
    private final String id;
    private final String help;
    private final List<String> labels;

    Metric(Kind kind, String id, String help, String... labels) {
        this.kind = kind;
        this.id = id;
        this.help = help;
        this.labels = List.of(labels);
    }

    Kind kind() {
        return kind;
    }

    String id() {
        return id;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }

    /** As Prometheus shows it, without what it appends for the parts of a timer. */
    String prometheusName() {
        var name = id.replace('.', '_');
        return switch (kind) {
            case GAUGE -> name;
            case COUNTER -> name + "_total";
            case TIMER -> name + "_seconds";
        };
    }

    /** @param values of the labels, in their order */
    private Tags tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(id + " has the labels " + labels);
        }
        var tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(labels.get(i), values[i]);
        }
        return tags;
    }

    /** @param state is kept as long as the gauge: a reader of metrics must not lose what nothing else holds */
    public <T> Gauge gauge(MeterRegistry registry, T state, ToDoubleFunction<T> value, String... labels) {
        return Gauge.builder(id, state, value)
                .description(help)
                .tags(tags(labels))
                .strongReference(true)
                .register(registry);
    }

    Counter counter(MeterRegistry registry, String... labels) {
        return Counter.builder(id).description(help).tags(tags(labels)).register(registry);
    }

    Timer timer(MeterRegistry registry, String... labels) {
        return Timer.builder(id).description(help).tags(tags(labels)).register(registry);
    }
}
