package com.xonetwork.tailnet.ship;

import com.xonetwork.tailnet.testbed.ShippedManifests;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rights that are shipped. */
final class ShippedRights {

    private ShippedRights() {}

    static List<PolicyRule> rules() {
        return ShippedManifests.in(ShippedManifests.RIGHTS).stream()
                .flatMap(item -> switch (item) {
                    case ClusterRole role -> role.getRules().stream();
                    case Role role -> role.getRules().stream();
                    default -> Stream.<PolicyRule>empty();
                })
                .toList();
    }

    /** What a rule grants, each as {@code verb group/resource}. */
    static Stream<String> grantedBy(PolicyRule rule) {
        return rule.getApiGroups().stream()
                .flatMap(group -> rule.getResources().stream()
                        .flatMap(
                                resource -> rule.getVerbs().stream().map(verb -> verb + " " + group + "/" + resource)));
    }

    /** What all rules grant. */
    static SortedSet<String> granted() {
        return rules().stream().flatMap(ShippedRights::grantedBy).collect(Collectors.toCollection(TreeSet::new));
    }
}
