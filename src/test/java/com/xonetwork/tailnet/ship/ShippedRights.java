package com.xonetwork.tailnet.ship;

import com.xonetwork.tailnet.scene.OperatorUnderTest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The manifests that are shipped, read. */
final class ShippedRights {

    private ShippedRights() {}

    static List<HasMetadata> manifests(Path file) {
        try (var stream = Files.newInputStream(file)) {
            return new KubernetesSerialization().<List<HasMetadata>>unmarshal(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<PolicyRule> rules() {
        return manifests(OperatorUnderTest.RIGHTS).stream()
                .flatMap(item -> switch (item) {
                    case ClusterRole role -> role.getRules().stream();
                    case Role role -> role.getRules().stream();
                    default -> Stream.<PolicyRule>empty();
                })
                .toList();
    }

    /** As {@code verb group/resource}. */
    static SortedSet<String> granted() {
        var granted = new TreeSet<String>();
        for (var rule : rules()) {
            for (var group : rule.getApiGroups()) {
                for (var resource : rule.getResources()) {
                    for (var verb : rule.getVerbs()) {
                        granted.add(verb + " " + group + "/" + resource);
                    }
                }
            }
        }
        return granted;
    }
}
