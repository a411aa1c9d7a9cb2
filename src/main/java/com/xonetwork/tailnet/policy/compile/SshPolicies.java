package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.SshRule;
import com.xonetwork.tailnet.policy.model.SshUser;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The SSH policies of all nodes. Rules that check come before rules that accept, each in the order of the policy (ssh-f2).
 */
final class SshPolicies {

    private static final String ROOT = "root";

    private final TopologyIndex index;
    private final List<Line> lines;

    /**
     * @param sources nodes, as often as selectors name them
     * @param destinations but those of {@code autogroup:self}
     * @param elsewhere whether the policy names such destinations, be there nodes or not
     * @param self whether the devices of a source's user are destinations too
     * @param logins of everybody among the sources
     * @param domains whose users may log in under their own names
     */
    private record Line(
            SshRule rule,
            List<Integer> sources,
            BitSet destinations,
            boolean elsewhere,
            boolean self,
            SortedMap<String, String> logins,
            List<String> domains) {}

    SshPolicies(Policy policy, TopologyIndex index, Selectors selectors, Postures postures) {
        this.index = index;
        lines = Stream.of(SshRule.CHECK, SshRule.ACCEPT)
                .flatMap(action ->
                        policy.ssh().stream().filter(rule -> rule.action().equals(action)))
                .map(rule -> line(rule, policy, selectors, postures))
                .toList();
    }

    private Line line(SshRule rule, Policy policy, Selectors selectors, Postures postures) {
        List<Located<String>> asked = rule.srcPosture().isEmpty() ? policy.defaultSrcPosture() : rule.srcPosture();
        BitSet fit = postures.anyOf(asked.stream().map(Located::value).toList());
        List<Integer> sources = new ArrayList<>();
        for (Located<Selector> source : rule.src()) {
            boolean perTag = source.value().isAutogroup(Autogroup.TAGGED);
            selectors.nodes(source.value()).stream().filter(fit::get).forEach(node -> {
                // The service makes autogroup:tagged of all tags: a node with two is there twice (ssh-b6).
                int times = perTag ? index.node(node).tags().size() : 1;
                for (int i = 0; i < times; i++) {
                    sources.add(node);
                }
            });
        }
        BitSet destinations = new BitSet();
        boolean self = false;
        boolean elsewhere = false;
        for (Located<Selector> destination : rule.dst()) {
            if (Allowances.isSelf(destination.value())) {
                self = true;
            } else {
                destinations.or(selectors.nodes(destination.value()));
                elsewhere = true;
            }
        }
        SortedMap<String, String> logins = new TreeMap<>();
        List<String> domains = new ArrayList<>();
        for (Located<SshUser> user : rule.users()) {
            switch (user.value()) {
                case SshUser.NonRoot ignored -> logins.put("*", "=");
                case SshUser.Localpart localpart -> domains.add(localpart.domain());
                case SshUser.Login login -> logins.put(login.name(), login.name());
            }
        }
        logins.putIfAbsent(ROOT, "");
        return new Line(rule, sources, destinations, elsewhere, self, logins, domains);
    }

    List<NodeSshRule> of(int node) {
        List<NodeSshRule> rules = new ArrayList<>();
        int user = index.userOf(node);
        for (Line line : lines) {
            if (line.self() && user >= 0) {
                add(line, source -> index.userOf(source) == user, rules);
            }
            if (line.destinations().get(node)) {
                add(line, source -> true, rules);
            } else if (!line.domains().isEmpty()
                    && line.elsewhere()
                    && line.sources().contains(node)) {
                // Under their own names users also log in among their own devices, whatever the destination (ssh-d2);
                // a tagged source, at itself (ssh-e5). The documentation knows nothing of it.
                add(line, user < 0 ? source -> source == node : source -> index.userOf(source) == user, rules);
            }
        }
        return List.copyOf(rules);
    }

    private void add(Line line, IntPredicate wanted, List<NodeSshRule> rules) {
        List<Integer> sources =
                line.sources().stream().filter(source -> wanted.test(source)).toList();
        if (line.domains().isEmpty()) {
            add(line, sources, line.logins(), rules);
            return;
        }
        List<TopologyUser> users = index.topology().users();
        for (int user = 0; user < users.size(); user++) {
            int one = user;
            List<Integer> own = sources.stream()
                    .filter(source -> index.userOf(source) == one)
                    .toList();
            add(line, own, line.logins(), rules);
            for (String domain : line.domains()) {
                if (users.get(user).domain().equalsIgnoreCase(domain)) {
                    String name = users.get(user).localPart();
                    add(line, own, new TreeMap<>(Map.of(name, name)), rules);
                }
            }
        }
        add(line, sources.stream().filter(source -> index.userOf(source) < 0).toList(), line.logins(), rules);
    }

    private void add(Line line, List<Integer> sources, SortedMap<String, String> logins, List<NodeSshRule> rules) {
        if (sources.isEmpty()) {
            return;
        }
        List<String> principals = sources.stream()
                .flatMapToInt(source -> java.util.Arrays.stream(index.ranksOf(source)))
                .sorted()
                .mapToObj(index::rankedText)
                .toList();
        rules.add(new NodeSshRule(
                principals,
                logins,
                line.rule().action().equals(SshRule.CHECK),
                line.rule().acceptEnv().stream().map(Located::value).toList()));
    }
}
