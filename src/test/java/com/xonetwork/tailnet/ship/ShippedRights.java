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

    /** What is granted in the namespaces that are served, each as {@code verb group/resource}. */
    static SortedSet<String> namespaced() {
        return ShippedManifests.in(ShippedManifests.RIGHTS).stream()
                .filter(ClusterRole.class::isInstance)
                .flatMap(role -> ((ClusterRole) role).getRules().stream())
                .flatMap(ShippedRights::grantedBy)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a role for people lets who has it make something of a kind. */
    static boolean roleWrites(String name, String plural) {
        return ShippedManifests.in(ShippedManifests.ROLES).stream()
                .map(ClusterRole.class::cast)
                .filter(role -> role.getMetadata().getName().equals(name))
                .flatMap(role -> role.getRules().stream())
                .anyMatch(rule ->
                        rule.getResources().contains(plural) && rule.getVerbs().contains("create"));
    }
}
