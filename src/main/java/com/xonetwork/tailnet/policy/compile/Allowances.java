package com.xonetwork.tailnet.policy.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.xonetwork.tailnet.policy.compile.Allowance.Target;
import com.xonetwork.tailnet.policy.model.Acl;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Destination;
import com.xonetwork.tailnet.policy.model.Grant;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.PortSpec;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.model.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a policy in the order in which the service compiles them: grants before acls (grant-k3), and within a rule
 * traffic before capabilities (grant-f1).
 */
public final class Allowances {

    /**
     * Capabilities that the service answers with another on the sources, so that both ends know: grant-b3 for
     * {@code drive}; {@code relay} as tailscale.com/kb (peer relays) describes it.
     */
    private static final Map<String, String> COMPANIONS = Map.of(
            "tailscale.com/cap/drive", "tailscale.com/cap/drive-sharer",
            "tailscale.com/cap/relay", "tailscale.com/cap/relay-target");

    private final Policy policy;
    private final List<Allowance> all = new ArrayList<>();

    private Allowances(Policy policy) {
        this.policy = policy;
    }

    /** Rules that allow nothing, because they have no source or no destination, are left out. */
    public static List<Allowance> of(Policy policy) {
        Allowances allowances = new Allowances(policy);
        if (policy.allowsAll()) {
            Target everything = new Target(new Selector.Wildcard(), List.of(PortRange.ALL));
            allowances.add(
                    new Head("default", List.of(new Selector.Wildcard()), List.of(), List.of()), List.of(everything));
        }
        policy.grants().forEach(allowances::grant);
        policy.acls().forEach(allowances::acl);
        return List.copyOf(allowances.all);
    }

    static boolean isSelf(Selector selector) {
        return selector.isAutogroup(Autogroup.SELF);
    }

    /** What the parts of one rule have in common. */
    private record Head(String origin, List<Selector> sources, List<String> via, List<String> postures) {}

    private void grant(Grant grant) {
        Head head = new Head(
                "grants[" + grant.index() + "]",
                values(grant.src()),
                values(grant.via()).stream().map(Selector::text).toList(),
                postures(grant.srcPosture()));
        Map<Optional<Protocol>, List<PortRange>> ports = new LinkedHashMap<>();
        for (PortSpec spec : values(grant.ip())) {
            ports.computeIfAbsent(spec.protocol(), protocol -> new ArrayList<>())
                    .add(spec.ports());
        }
        Map<String, JsonNode> capabilities = new LinkedHashMap<>();
        grant.app().forEach(app -> capabilities.put(app.name(), CapabilityJson.of(app.parameters())));
        List<Selector> destinations = values(grant.dst());
        for (List<Selector> part : parts(destinations)) {
            ports.forEach((protocol, ranges) ->
                    add(head, part.stream().map(to -> new Target(to, ranges)).toList(), protocol));
            addCapabilities(head, part, capabilities);
            // In the order of the policy: a map of constants has none.
            capabilities.keySet().stream()
                    .filter(COMPANIONS::containsKey)
                    .forEach(name -> addCompanion(head, part, COMPANIONS.getOrDefault(name, name)));
        }
    }

    private void acl(Acl acl) {
        Head head = new Head("acls[" + acl.index() + "]", values(acl.src()), List.of(), postures(acl.srcPosture()));
        // Entries for one host become one target: acl-k04 lists all ports of an address before the next address.
        Map<Selector, List<PortRange>> ports = new LinkedHashMap<>();
        for (Destination destination : values(acl.dst())) {
            ports.computeIfAbsent(destination.target(), target -> new ArrayList<>())
                    .addAll(destination.ports());
        }
        Optional<Protocol> protocol = acl.protocol().map(Located::value);
        for (List<Selector> part : parts(List.copyOf(ports.keySet()))) {
            add(
                    head,
                    part.stream()
                            .map(target -> new Target(target, ports.getOrDefault(target, List.of())))
                            .toList(),
                    protocol);
        }
    }

    /**
     * {@code autogroup:self} apart from the rest, since it is another rule for every user. It comes last where a
     * destination is no autogroup (acl-sf11), else in the order of the policy (acl-s08).
     */
    private static List<List<Selector>> parts(List<Selector> destinations) {
        List<Selector> self = destinations.stream().filter(Allowances::isSelf).toList();
        List<Selector> others = destinations.stream().filter(to -> !isSelf(to)).toList();
        if (self.isEmpty() || others.isEmpty()) {
            return destinations.isEmpty() ? List.of() : List.of(destinations);
        }
        boolean selfLast = !isSelf(destinations.getFirst())
                || others.stream().anyMatch(to -> !(to instanceof Selector.AutogroupName));
        return selfLast ? List.of(others, self) : List.of(self, others);
    }

    private void add(Head head, List<Target> targets) {
        add(head, targets, Optional.empty());
    }

    private void add(Head head, List<Target> targets, Optional<Protocol> protocol) {
        List<Target> open =
                targets.stream().filter(target -> !target.ports().isEmpty()).toList();
        if (!head.sources().isEmpty() && !open.isEmpty()) {
            all.add(new Allowance(
                    head.origin(), head.sources(), open, protocol, head.via(), head.postures(), Map.of()));
        }
    }

    private void addCapabilities(Head head, List<Selector> targets, Map<String, JsonNode> capabilities) {
        // On the way back the sources of the rule are the targets: there may be none.
        if (!head.sources().isEmpty() && !targets.isEmpty() && !capabilities.isEmpty()) {
            all.add(new Allowance(
                    head.origin(),
                    head.sources(),
                    targets.stream().map(to -> new Target(to, List.of())).toList(),
                    Optional.empty(),
                    head.via(),
                    head.postures(),
                    capabilities));
        }
    }

    /** The way back. Between the devices of one user it is the same way. */
    private void addCompanion(Head head, List<Selector> targets, String name) {
        Map<String, JsonNode> capability = Map.of(name, NullNode.getInstance());
        boolean self = isSelf(targets.getFirst());
        Head back = self ? head : new Head(head.origin(), targets, List.of(), List.of());
        addCapabilities(back, self ? targets : head.sources(), capability);
    }

    private List<String> postures(List<Located<String>> own) {
        return values(own.isEmpty() ? policy.defaultSrcPosture() : own);
    }

    private static <T> List<T> values(List<Located<T>> located) {
        return located.stream().map(Located::value).toList();
    }
}
