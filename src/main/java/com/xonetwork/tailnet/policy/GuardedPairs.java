package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuardPair;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.policy.compile.Allowance;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.TopologyIndex;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.Span;
import com.xonetwork.tailnet.policy.reach.Reach.Edge;
import com.xonetwork.tailnet.policy.reach.ReachPairs;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.status.Abridged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pairs of {@code policy.guards}, held against a policy. Each is read as a rule of {@code acls}, with the groups, hosts
 * and tags of that policy. What such a policy does not know cannot be guarded: that is a violation too, be it a typing
 * error or a group that has just been dropped.
 */
final class GuardedPairs {

    private static final int SHOWN = 3;

    private final List<Guard> guards;
    private final Policy policy;
    private final Policy asked;
    private final Topology topology;
    private final CompiledPolicy compiledPairs;
    private final ReachPairs reach;

    private record Guard(String name, PolicyGuardPair pair, boolean mustReach) {}

    private GuardedPairs(PolicyView view, Policy policy, List<Guard> guards, Topology topology) {
        this.guards = guards;
        this.policy = policy;
        this.topology = topology;
        asked = asRules(view, guards, policy.syntax());
        // Whoever is guarded has a machine, now or later.
        var index = new TopologyIndex(StandIns.in(topology, asked));
        compiledPairs = new CompiledPolicy(asked, index);
        reach = new ReachPairs(new CompiledPolicy(policy, index), compiledPairs);
    }

    /** In words, one for each pair that the policy does not keep to. */
    static List<String> violations(PolicyView view, Policy policy, PolicyGuards guards, Topology topology) {
        var all = new ArrayList<Guard>();
        for (int i = 0; i < guards.mustReach().size(); i++) {
            all.add(new Guard("mustReach[" + i + "]", guards.mustReach().get(i), true));
        }
        for (int i = 0; i < guards.mustNotReach().size(); i++) {
            all.add(new Guard("mustNotReach[" + i + "]", guards.mustNotReach().get(i), false));
        }
        return all.isEmpty() ? List.of() : new GuardedPairs(view, policy, all, topology).violations();
    }

    /** The names of the policy, and the pairs in place of its rules. */
    private static Policy asRules(PolicyView view, List<Guard> guards, PolicySyntax syntax) {
        var tree = JsonNodeFactory.instance.objectNode();
        for (var section : List.of("groups", "hosts", "ipsets", "tagOwners")) {
            if (view.policy().has(section)) {
                tree.set(section, view.policy().get(section));
            }
        }
        var acls = tree.putArray("acls");
        for (var guard : guards) {
            var rule = acls.addObject().put("action", "accept");
            rule.putArray("src").add(guard.pair().src());
            rule.putArray("dst").add(guard.pair().dst());
            if (guard.pair().proto() != null) {
                rule.put("proto", guard.pair().proto());
            }
        }
        return Policy.parse(tree.toString(), syntax);
    }

    private List<String> violations() {
        var violations = new ArrayList<String>();
        for (int i = 0; i < guards.size(); i++) {
            var guard = guards.get(i);
            violation(guard, "acls[" + i + "]")
                    .ifPresent(what ->
                            violations.add(PolicyOutlook.cut(guard.name() + " (" + guard.pair() + "): " + what)));
        }
        return List.copyOf(violations);
    }

    private Optional<String> violation(Guard guard, String rule) {
        var pairs = compiledPairs.allowances().stream()
                .filter(allowance -> allowance.origin().equals(rule))
                .toList();
        return problem(rule)
                .or(() -> pairs.stream()
                        .flatMap(pair -> Stream.concat(
                                pair.sources().stream(), pair.targets().stream().map(Allowance.Target::selector)))
                        .flatMap(selector -> unknown(selector).stream())
                        .findFirst())
                .or(() -> told(
                        pairs.stream()
                                .flatMap(pair -> edges(guard, pair).stream())
                                .toList(),
                        guard.mustReach()));
    }

    /** Why a pair cannot be read, in the words of the service. */
    private Optional<String> problem(String rule) {
        return Stream.concat(
                        asked.malformed().entrySet().stream()
                                .filter(entry -> isIn(entry.getKey(), rule))
                                .map(entry -> entry.getValue().message()),
                        asked.structural().stream()
                                .filter(problem -> isIn(problem.span(), rule))
                                .map(problem -> problem.message()))
                .findFirst();
    }

    private boolean isIn(Span span, String rule) {
        return asked.document().pathTo(span.start()).startsWith(rule);
    }

    private Optional<String> unknown(Selector selector) {
        var isKnown = switch (selector) {
            case Selector.Tag tag ->
                policy.tagOwners().containsKey(tag.name())
                        || topology.nodes().stream()
                                .anyMatch(node -> node.tags().contains(tag.name()));
            case Selector.Group group -> policy.groups().containsKey(group.name());
            case Selector.Host host -> policy.hosts().containsKey(host.name());
            case Selector.IpSetName set -> policy.ipsets().containsKey(set.name());
            case Selector.AutogroupName name -> name.group().isPresent();
            case Selector.Service ignored -> false;
            case Selector.Wildcard ignored -> true;
            case Selector.User ignored -> true;
            case Selector.UserDomain ignored -> true;
            case Selector.Address ignored -> true;
            case Selector.Prefix ignored -> true;
            case Selector.Range ignored -> true;
        };
        return isKnown ? Optional.empty() : Optional.of(selector.text() + " is not known in the merged policy");
    }

    private List<Edge> edges(Guard guard, Allowance pair) {
        var protocol = pair.protocol();
        if (!guard.mustReach()) {
            return protocol.map(Stream::of)
                    .orElseGet(() -> Stream.of(Protocol.TCP, Protocol.UDP))
                    .flatMap(one -> reach.passing(pair, one).stream())
                    .toList();
        }
        var missing = reach.missing(pair, protocol.orElse(Protocol.TCP));
        return protocol.isEmpty()
                        && !missing.isEmpty()
                        && reach.missing(pair, Protocol.UDP).isEmpty()
                ? List.of()
                : missing;
    }

    private static Optional<String> told(List<Edge> edges, boolean mustReach) {
        if (edges.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Abridged.list(
                edges,
                SHOWN,
                "; ",
                edge -> edge.from() + (mustReach ? " would not reach " : " would reach ") + edge.traffic() + " on "
                        + edge.to()));
    }
}
