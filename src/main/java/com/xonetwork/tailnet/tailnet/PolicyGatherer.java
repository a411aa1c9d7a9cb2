package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.policy.PolicyContribution;
import com.xonetwork.tailnet.policy.PolicyInput;
import com.xonetwork.tailnet.policy.PolicyMemory;
import com.xonetwork.tailnet.policy.PolicyNotes;
import com.xonetwork.tailnet.policy.TailnetSyntax;
import com.xonetwork.tailnet.route.ApproversPlanner;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Gathers what the policy file of a tailnet rests on. */
@Singleton
final class PolicyGatherer {

    private final PolicyMemory memory;

    PolicyGatherer(PolicyMemory memory) {
        this.memory = memory;
    }

    /** @param imports devices that are about to be imported are as good as managed: the policy is published before that */
    PolicyInput gather(TailnetScope scope, TailnetView view, Claims claims, ImportInput imports) {
        var tailnet = scope.tailnet();
        var key = TailnetKey.of(tailnet);
        // Who holds which device takes a pass over all nodes, and is of interest only where something is published.
        var isPublished = !scope.policies().isEmpty();
        return new PolicyInput(
                key,
                tailnet.getSpec().policy(),
                scope.policies(),
                view,
                new PolicyNotes(
                        DocumentClaims.owns(tailnet, DocumentKind.POLICY),
                        DocumentClaims.published(tailnet, DocumentKind.POLICY),
                        DocumentClaims.annotation(tailnet, ApiGroup.APPROVE_ANNOTATION)),
                isPublished ? contributions(scope, view, claims) : List.of(),
                isPublished ? tagsInUse(view, claims, imports) : Map.of(),
                TailnetSyntax.of(tailnet.getSpec(), view.capabilities()),
                memory.resting(key),
                memory.foresight(key));
    }

    /** Each kind that adds something to the policy file has its line here. */
    private static List<PolicyContribution> contributions(TailnetScope scope, TailnetView view, Claims claims) {
        return List.of(ApproversPlanner.contribution(scope.intents(), view, claims));
    }

    private static Map<String, SortedSet<String>> tagsInUse(TailnetView view, Claims claims, ImportInput imports) {
        var inUse = new HashMap<String, SortedSet<String>>();
        var devices = view.devices();
        for (var device : devices == null ? List.<Device>of() : devices.devices()) {
            claims.holder(device)
                    .map(node -> node.getMetadata().getName())
                    .or(() -> Optional.of(device.name()).filter(name -> imports.wants(device)))
                    .ifPresent(name -> device.tags()
                            .forEach(tag -> inUse.computeIfAbsent(tag, unused -> new TreeSet<>())
                                    .add(name)));
        }
        return inUse;
    }
}
