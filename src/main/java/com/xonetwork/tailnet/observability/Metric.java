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
            "Number of resources, by the status of their condition Ready. Unknown includes resources without the condition.",
            "kind",
            "ready"),
    OLDEST_UNRECONCILED(
            Kind.GAUGE,
            "xo.tailnet.resources.oldest.unreconciled.seconds",
            "Age, in seconds, of the oldest change of a spec that the status does not reflect yet (observedGeneration < generation);"
                    + " 0 if there is none. Computed when metrics are scraped, so it is as exact as the scrape interval.",
            "kind"),
    CALLS(
            Kind.TIMER,
            "xo.tailnet.control.plane.calls",
            "Duration of calls to control planes, by operation and HTTP status. Status 0 means no answer.",
            "operation",
            "code"),
    BUDGET_LEFT(
            Kind.GAUGE,
            "xo.tailnet.control.plane.budget.left.ratio",
            "Remaining fraction of the most exhausted call budget: 1 is full. At 0, calls wait, or the control plane has asked the"
                    + " operator to back off."),
    THROTTLE(Kind.TIMER, "xo.tailnet.control.plane.throttle", "Time for which calls waited for the call budget."),
    POLL_AGE(
            Kind.GAUGE,
            "xo.tailnet.poll.age.seconds",
            "Age, in seconds, of the device list that the operator uses.",
            "namespace",
            "tailnet"),
    CLOCK_SKEW(
            Kind.GAUGE,
            "xo.tailnet.clock.skew.seconds",
            "Difference, in seconds, between the operator's clock and the control plane's, exact to about a second. Negative if the"
                    + " operator's clock is behind. NaN if the control plane has not sent its time.",
            "namespace",
            "tailnet"),
    DEVICES(
            Kind.GAUGE,
            "xo.tailnet.devices",
            "Number of devices in the tailnet, by state: online (connected, and the key has not expired) or offline.",
            "state",
            "namespace",
            "tailnet"),
    UNMANAGED(
            Kind.GAUGE,
            "xo.tailnet.devices.unmanaged",
            "Number of devices without a TailnetNode.",
            "namespace",
            "tailnet"),
    UNAPPROVED(
            Kind.GAUGE,
            "xo.tailnet.routes.unapproved",
            "Number of routes that are advertised and not approved.",
            "namespace",
            "tailnet"),
    KEYS_EXPIRING(
            Kind.GAUGE,
            "xo.tailnet.device.keys.expiring",
            "Number of devices whose node key has expired or expires within the time in the label.",
            "within",
            "namespace",
            "tailnet"),
    NEXT_EXPIRY(
            Kind.GAUGE,
            "xo.tailnet.device.key.expires.next.seconds",
            "Seconds until the next node key of the tailnet expires. NaN if no key expires.",
            "namespace",
            "tailnet"),
    POLICY_IN_SYNC(
            Kind.GAUGE,
            "xo.tailnet.policy.in.sync",
            "1 if the merged policy is in force, 0 if not. NaN if the operator manages no policy for this tailnet.",
            "namespace",
            "tailnet"),
    POLICY_PUBLICATIONS(
            Kind.COUNTER,
            "xo.tailnet.policy.publications",
            "Number of policies that were sent to the control plane, by result: Published, or the kind of failure.",
            "result",
            "namespace",
            "tailnet"),
    RUNS(
            Kind.TIMER,
            "xo.tailnet.runs",
            "Duration of runs that have ended, by final phase.",
            "namespace",
            "template",
            "engine",
            "phase"),
    RUNS_LIVE(Kind.GAUGE, "xo.tailnet.runs.live", "Number of runs that have not ended, by phase.", "phase"),
    UNHEALTHY(Kind.GAUGE, "xo.tailnet.heal.unhealthy", "Number of nodes that are unhealthy.", "namespace", "policy"),
    STORM(
            Kind.GAUGE,
            "xo.tailnet.heal.storm",
            "1 while a storm or a common cause holds remedies back, 0 otherwise.",
            "namespace",
            "policy"),
    REMEDIATIONS(
            Kind.COUNTER,
            "xo.tailnet.heal.remediations",
            "Number of remedies that were started, by rung of the ladder (1 is the first). xo_tailnet_runs counts how they ended.",
            "rung",
            "namespace",
            "policy"),
    DELIVERIES(
            Kind.COUNTER,
            "xo.tailnet.webhook.deliveries",
            "Number of requests to the webhook receiver, by outcome.",
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
