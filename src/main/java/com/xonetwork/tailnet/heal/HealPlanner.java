package com.xonetwork.tailnet.heal;

import static com.xonetwork.tailnet.status.ConditionType.ACCEPTED;
import static com.xonetwork.tailnet.status.ConditionType.NODES_HEALTHY;
import static com.xonetwork.tailnet.status.ConditionType.REMEDIATION_ALLOWED;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealMode;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicyStatus.UnhealthyNode;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.heal.HealPlan.Remedy;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.heal.Ladder.Step;
import com.xonetwork.tailnet.kube.Age;
import com.xonetwork.tailnet.machine.MachineAction;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Decides which nodes of a policy are given which remedy now, and what holds back the others. */
@Pure
final class HealPlanner {

    /** Runs of a node that are kept to be looked at. */
    private static final int KEPT = 10;

    /** A node that is not the policy's for a while, because of a label or a backup, finds its runs as they were. */
    private static final Duration UNTIL_FORGOTTEN = Duration.ofHours(24);

    private static final String NONE = "None";
    static final String EVERY_NODE = "*";
    static final String QUORUM = "Quorum";

    private final HealInput input;
    private final HealPolicySpec spec;
    private final List<NodeHealth> nodes;
    private final Map<String, List<AutomationRun>> runs;
    private final List<Told> told = new ArrayList<>();
    private final List<Instant> dues = new ArrayList<>();
    /** Of these, what belongs to the present trouble of each node. */
    private final Map<String, List<AutomationRun>> counted;

    private final Storms storms;

    private HealPlanner(HealInput input) {
        this.input = input;
        this.spec = input.policy().getSpec();
        this.nodes = input.nodes().stream()
                .map(node -> NodeHealth.of(node, spec, input.now()))
                .sorted(Comparator.comparing(NodeHealth::since).thenComparing(NodeHealth::name))
                .toList();
        this.runs = input.runs().stream().collect(Collectors.groupingBy(HealPlanner::nodeOf));
        this.counted = nodes.stream()
                .collect(
                        Collectors.toMap(NodeHealth::name, health -> Ladder.counted(of(health), health.since(), spec)));
        this.storms = new Storms(input, nodes);
    }

    /** Newest first. */
    private List<AutomationRun> of(NodeHealth health) {
        return runs.getOrDefault(health.name(), List.of());
    }

    private List<AutomationRun> counted(NodeHealth health) {
        return counted.getOrDefault(health.name(), List.of());
    }

    static HealPlan plan(HealInput input) {
        return new HealPlanner(input).plan();
    }

    private static String nodeOf(AutomationRun run) {
        return run.getSpec().targets().nodes().stream()
                .findFirst()
                .map(target -> target.name())
                .orElse("");
    }

    private HealPlan plan() {
        var conflict = conflict();
        if (conflict.isPresent()) {
            return nothing(no(ACCEPTED, Reason.CONFLICT, conflict.get()), Reason.CONFLICT, conflict.get());
        }
        var accepted = yes(ACCEPTED, Reason.ACCEPTED, "the policy is active");
        if (input.inTheWay().isPresent()) {
            var why = input.inTheWay().get();
            return nothing(accepted, why.reason(), why.message());
        }
        nodes.forEach(health -> dues.add(health.due()));
        told.addAll(storms.told());
        storms.dues().forEach(dues::add);
        var paused = !spec.pauseRequests().isEmpty();
        var inFlight = new ArrayList<>(input.runs().stream()
                .filter(run -> !RunPhase.of(run.getStatus()).isTerminal())
                // Nothing happens while it waits for a human: that must not keep others from being healed.
                .filter(run -> RunPhase.of(run.getStatus()) != RunPhase.AWAITING_APPROVAL)
                .toList());
        var start = new ArrayList<Remedy>();
        var cancel = new ArrayList<AutomationRun>();
        var stopped = new ArrayList<String>();
        var unhealthy = new ArrayList<UnhealthyNode>();
        var healthy = 0;
        for (var health : nodes) {
            var counted = counted(health);
            if (health.state() == NodeHealth.State.HEALTHY) {
                unstarted(health).forEach(run -> {
                    cancel.add(run);
                    told.add(new Told(
                            health.name(),
                            "Recovered",
                            NONE,
                            "AutomationRun " + run.getMetadata().getName() + " is not needed any more"));
                });
            }
            if (health.state() == NodeHealth.State.HEALTHY && isRecovering(health, counted)) {
                unhealthy.add(described(health, counted, "healthy again; watched for " + spec.healthyDelay()));
                continue;
            }
            if (!health.isDown()) {
                healthy += health.state() == NodeHealth.State.HEALTHY ? 1 : 0;
                continue;
            }
            unhealthy.add(described(health, counted, health.evidence()));
            if (health.state() != NodeHealth.State.UNHEALTHY || spec.mode() == HealMode.OBSERVE) {
                continue;
            }
            switch (Ladder.next(counted, spec, possible(health.node()), input.now())) {
                case Step.Wait wait -> dues.add(wait.until());
                case Step.Stop stop -> {
                    stopped.add(health.name() + ": " + stop.why());
                    told.add(new Told(health.name(), "Stopped", "RetriesExhausted", stop.why()));
                }
                case Step.UnderWay underWay -> {
                    dues.add(underWay.limit());
                    if (underWay.overdue()) {
                        cancel.add(underWay.run());
                        told.add(new Told(
                                health.name(),
                                "Stopped",
                                "Timeout",
                                "AutomationRun " + underWay.run().getMetadata().getName()
                                        + " has exceeded the timeout of its remedy. The operator cancels it"));
                    }
                }
                case Step.Begin begin -> {
                    var remedy = remedy(health, begin);
                    var guard = guard(remedy, paused, inFlight.size() + start.size());
                    if (guard.isPresent()) {
                        told.add(new Told(
                                health.name(),
                                "Held",
                                guard.get().type(),
                                guard.get().message()));
                    } else if (spec.mode() == HealMode.SUGGEST) {
                        told.add(new Told(health.name(), "Suggested", NONE, remedy.why()));
                    } else {
                        start.add(remedy);
                    }
                }
            }
        }
        var allowed = paused || storms.holdAll() ? 0 : Math.max(0, spec.maxInFlight() - inFlight.size() - start.size());
        return new HealPlan(
                List.of(accepted, allowedFact(paused), stormFact(), healthyFact(unhealthy, stopped, healthy)),
                nodes.size(),
                healthy,
                allowed,
                unhealthy,
                start,
                cancel,
                outdated(),
                told,
                storms.quiet(),
                storms.incidents(),
                lookAgain());
    }

    private Remedy remedy(NodeHealth health, Step.Begin begin) {
        var remediation = spec.escalatingRemediations().get(begin.rung() - 1);
        return new Remedy(
                health.node(),
                begin.rung(),
                remediation,
                of(health).stream().findFirst().orElse(null),
                Votes.of(spec.quorum(), remediation, counted(health)),
                "rung " + begin.rung() + ", " + remediation.title() + ": " + health.evidence() + " since "
                        + health.since());
    }

    /** Built-in remedies need a machine to log in to. Those that need a join key are not for mode Observe: there is none then. */
    private List<Integer> possible(TailnetNode node) {
        return IntStream.rangeClosed(1, spec.escalatingRemediations().size())
                .filter(rung -> isPossible(node, spec.escalatingRemediations().get(rung - 1)))
                .boxed()
                .toList();
    }

    private boolean isPossible(TailnetNode node, Remediation remediation) {
        if (remediation.templateRef() != null) {
            return true;
        }
        var mode = node.getSpec().mode() == null
                ? input.tailnetMode()
                : node.getSpec().mode();
        return node.getSpec().ssh() != null
                && (mode != Mode.OBSERVE
                        || !MachineAction.of(remediation.action()).needsKey());
    }

    /** Beyond the newest of each node: those that count for its present trouble stay, or the ladder would begin anew. */
    private List<AutomationRun> outdated() {
        var counted = this.counted.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        var names = nodes.stream().map(NodeHealth::name).collect(Collectors.toSet());
        var ofNodes = runs.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream().skip(KEPT));
        // Nodes that are not the policy's any more have together what one has.
        var ofOthers = input.runs().stream()
                .filter(run -> !names.contains(nodeOf(run)))
                .skip(KEPT)
                .filter(run -> Ladder.ended(run).plus(UNTIL_FORGOTTEN).isBefore(input.now()));
        return Stream.concat(ofNodes, ofOthers)
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal() && !counted.contains(run))
                .toList();
    }

    /** Remedies that wait for a human or for another run: a node that is healthy again needs none. */
    private List<AutomationRun> unstarted(NodeHealth health) {
        return of(health).stream()
                .filter(run -> !RunPhase.of(run.getStatus()).isTerminal())
                .filter(run -> run.getStatus() == null || run.getStatus().attempt() == null)
                .filter(run -> !run.getSpec().cancel())
                .toList();
    }

    private boolean isRecovering(NodeHealth health, List<AutomationRun> counted) {
        var until = health.since().plus(DurationText.parse(spec.healthyDelay()));
        if (counted.isEmpty() || !input.now().isBefore(until)) {
            return false;
        }
        dues.add(until);
        return true;
    }

    private UnhealthyNode described(NodeHealth health, List<AutomationRun> counted, String evidence) {
        var last = counted.stream()
                .findFirst()
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .map(run -> "; its last remedy ended as "
                        + RunPhase.of(run.getStatus()).word())
                .orElse("");
        return new UnhealthyNode(
                health.name(),
                health.since().toString(),
                evidence + last,
                counted.isEmpty() ? null : Ladder.rung(counted.getFirst()),
                counted.stream().map(run -> run.getMetadata().getName()).toList());
    }

    // What holds remedies back

    private record Guard(String type, String message) {}

    private Optional<Guard> guard(Remedy remedy, boolean paused, int underWay) {
        if (paused) {
            return Optional.of(new Guard("Paused", "paused: " + String.join("; ", spec.pauseRequests())));
        }
        var cause = storms.holding(remedy.node().getMetadata().getName());
        if (cause.isPresent()) {
            return Optional.of(new Guard(
                    cause.get().equals(Storms.STORM) ? "Storm" : "CommonCause",
                    cause.get() + "; no remedy is started"));
        }
        if (remedy.remediation().needsQuorum()) {
            var against = remedy.votes().againstAlready(spec.quorum().min());
            if (against.isPresent()) {
                return Optional.of(new Guard(QUORUM, remedy.why() + ": " + against.get()));
            }
        }
        return underWay >= spec.maxInFlight()
                ? Optional.of(new Guard("MaxInFlight", "other remedies are under way"))
                : Optional.empty();
    }

    /** A policy that selects a node of an older policy heals no node. */
    private Optional<String> conflict() {
        var older = input.others().stream()
                .filter(other -> Age.OLDEST_FIRST.compare(other, input.policy()) < 0)
                .filter(other -> other.getSpec().tailnetRef().equals(spec.tailnetRef()))
                .sorted(Age.OLDEST_FIRST)
                .toList();
        return input.nodes().stream()
                .flatMap(node -> older.stream()
                        .filter(other -> other.getSpec()
                                .selector()
                                .selects(node.getMetadata().getLabels()))
                        .map(other -> "TailnetNode " + node.getMetadata().getName() + " is also in HealPolicy "
                                + other.getMetadata().getName() + ", which is older. HealPolicy "
                                + input.policy().getMetadata().getName()
                                + " heals no node until the selectors are distinct"))
                .findFirst();
    }

    // What is said

    private HealPlan nothing(Fact accepted, Reason reason, String message) {
        return new HealPlan(
                List.of(
                        accepted,
                        no(REMEDIATION_ALLOWED, reason, message),
                        unknown(ConditionType.STORM_ACTIVE, reason, message),
                        unknown(NODES_HEALTHY, reason, message)),
                nodes.size(),
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new HashMap<>(input.quietUntil()),
                List.of(),
                Optional.empty());
    }

    private Fact allowedFact(boolean paused) {
        if (paused) {
            return no(REMEDIATION_ALLOWED, Reason.SUSPENDED, "paused: " + String.join("; ", spec.pauseRequests()));
        }
        if (spec.mode() != HealMode.ENFORCE) {
            return no(REMEDIATION_ALLOWED, Reason.DRY_RUN, "the mode is not Enforce, so no remedy is started");
        }
        return storms.holdAll()
                ? no(REMEDIATION_ALLOWED, Reason.STORM_ACTIVE, storms.message())
                : yes(REMEDIATION_ALLOWED, Reason.ALLOWED, "remedies may start: no guard holds back all nodes");
    }

    private Fact stormFact() {
        if (storms.areNone()) {
            return no(
                    ConditionType.STORM_ACTIVE,
                    Reason.NO_STORM,
                    "no more nodes are unhealthy than the policy allows, and no common cause was found");
        }
        return yes(
                ConditionType.STORM_ACTIVE,
                storms.holdAll() ? Reason.STORM_ACTIVE : Reason.COMMON_CAUSE,
                storms.message());
    }

    private Fact healthyFact(List<UnhealthyNode> unhealthy, List<String> stopped, int healthy) {
        if (!stopped.isEmpty()) {
            return no(NODES_HEALTHY, Reason.RETRIES_EXHAUSTED, String.join("; ", stopped));
        }
        if (unhealthy.isEmpty()) {
            return yes(NODES_HEALTHY, Reason.HEALTHY, healthy + " of " + nodes.size() + " nodes are healthy");
        }
        var names = Abridged.list(unhealthy, 10, ", ", UnhealthyNode::name);
        return no(
                NODES_HEALTHY,
                spec.mode() == HealMode.ENFORCE
                                && told.stream().noneMatch(one -> one.guard().equals(QUORUM))
                                && storms.areNone()
                                && spec.pauseRequests().isEmpty()
                        ? Reason.HEALING
                        : Reason.UNHEALTHY,
                names + ": see status.unhealthyNodes and status.decisions");
    }

    private Optional<Duration> lookAgain() {
        return dues.stream()
                .filter(due -> due.isAfter(input.now()) && !due.equals(Instant.MAX))
                .min(Comparator.naturalOrder())
                .map(due -> Duration.between(input.now(), due).plusMillis(100));
    }
}
