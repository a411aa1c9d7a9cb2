package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.pure.Pure;
import inet.ipaddr.IPAddressString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds what several failures have in common: the site of the nodes, or the subnet router that they are behind. */
@Pure
final class CommonCauses {

    private static final int FEWEST = 2;

    private CommonCauses() {}

    /**
     * Something that is suspected.
     *
     * @param name in words: {@code site berlin}, {@code subnet router gw-1}
     * @param members names of the nodes that share it, which are left alone
     */
    record Suspect(String name, Set<String> members, int failed) {}

    static List<Suspect> of(List<NodeHealth> nodes, HealPolicySpec spec, Collection<SubnetRoute> routes) {
        var domains = new TreeMap<String, List<NodeHealth>>();
        for (var health : nodes) {
            for (var domain : domains(health.node(), spec.commonCause().label(), routes)) {
                domains.computeIfAbsent(domain, unused -> new ArrayList<>()).add(health);
            }
        }
        var window = DurationText.parse(spec.commonCause().window());
        var suspects = new ArrayList<Suspect>();
        domains.forEach((name, members) -> {
            var failures = members.stream()
                    .filter(NodeHealth::isDown)
                    .map(NodeHealth::since)
                    .sorted()
                    .toList();
            var together = most(failures, window);
            if (together >= FEWEST && together * 100 > spec.commonCause().percent() * members.size()) {
                suspects.add(new Suspect(
                        name,
                        new TreeSet<>(members.stream().map(NodeHealth::name).toList()),
                        together));
            }
        });
        return List.copyOf(suspects);
    }

    /** How many fell into one window at most. @param sorted the earliest first */
    private static int most(List<Instant> sorted, Duration window) {
        var most = 0;
        var first = 0;
        for (var last = 0; last < sorted.size(); last++) {
            while (sorted.get(first).plus(window).isBefore(sorted.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private static Set<String> domains(TailnetNode node, String label, Collection<SubnetRoute> routes) {
        var domains = new TreeSet<String>();
        var labels = node.getMetadata().getLabels();
        var value = labels == null ? null : labels.get(label);
        if (value != null) {
            domains.add(label.substring(label.lastIndexOf('/') + 1) + " " + value);
        }
        var ssh = node.getSpec().ssh();
        if (ssh != null) {
            for (var route : routes) {
                if (route.getSpec().cidrs().stream().anyMatch(cidr -> contains(cidr, ssh.address()))) {
                    route.getSpec().via().nodes().stream()
                            .filter(router -> !router.equals(node.getMetadata().getName()))
                            .forEach(router -> domains.add("subnet router " + router));
                }
            }
        }
        return domains;
    }

    private static boolean contains(String cidr, String address) {
        var block = new IPAddressString(cidr).getAddress();
        var host = new IPAddressString(address).getAddress();
        return block != null && host != null && block.toPrefixBlock().contains(host);
    }
}
