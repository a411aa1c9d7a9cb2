package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.FailedWrite;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.policy.PolicyContribution;
import com.xonetwork.tailnet.policy.PolicyInput;
import com.xonetwork.tailnet.policy.PolicyNotes;
import com.xonetwork.tailnet.policy.TailnetSyntax;
import com.xonetwork.tailnet.route.ApproversPlanner;
import com.xonetwork.tailnet.route.DeclaredRoutes;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Tailnet and the resources around it, as the caches show them during one reconciliation.
 *
 * @param policies AclPolicies of this Tailnet that are not being deleted
 * @param nodes TailnetNodes of this Tailnet
 * @param classes NodeClasses of the namespace
 * @param intents what SubnetRoutes and ExitNodes of this Tailnet want
 */
record TailnetScope(
        Tailnet tailnet,
        Context<Tailnet> context,
        IndexedResourceCache<TailnetNode> nodeCache,
        List<AclPolicy> policies,
        List<TailnetNode> nodes,
        List<NodeClass> classes,
        RouteIntents intents) {

    static TailnetScope of(
            Tailnet tailnet,
            Context<Tailnet> context,
            IndexedResourceCache<TailnetNode> nodeCache,
            DeclaredRoutes declared) {
        return new TailnetScope(
                tailnet,
                context,
                nodeCache,
                context.getSecondaryResourcesAsStream(AclPolicy.class)
                        .filter(policy -> !policy.isMarkedForDeletion())
                        .toList(),
                NodeIndex.ofTailnet(nodeCache, TailnetKey.of(tailnet)),
                List.copyOf(context.getSecondaryResources(NodeClass.class)),
                declared.of(
                        TailnetKey.of(tailnet),
                        context.getSecondaryResources(SubnetRoute.class),
                        context.getSecondaryResources(ExitNode.class)));
    }

    /** Whether the status speaks of the spec as it is now. */
    boolean isReportedOn() {
        var status = tailnet.getStatus();
        return status != null && tailnet.getMetadata().getGeneration().equals(status.observedGeneration());
    }

    Stream<Tailnet> allTailnets() {
        return context.getPrimaryCache().list();
    }

    Claims claims(TailnetView view) {
        return new Claims(nodes, view.devices());
    }

    ImportPlanner.Input importInput(TailnetView view) {
        return new ImportPlanner.Input(
                TailnetKey.of(tailnet), tailnet.getSpec().deviceImport(), view, nodes, classes, claims(view)::of);
    }

    PolicyInput policyInput(TailnetView view, @Nullable FailedWrite<PolicyPrecondition> failed) {
        // Who holds which device takes a pass over all nodes, and is of interest only where something is published.
        var claims = policies.isEmpty() ? null : claims(view);
        return new PolicyInput(
                TailnetKey.of(tailnet),
                tailnet.getSpec().policy(),
                policies,
                view,
                policyNotes(),
                claims == null ? List.of() : contributions(view, claims),
                claims == null ? Map.of() : tagsInUse(view, claims),
                TailnetSyntax.of(tailnet.getSpec(), view.capabilities()),
                failed);
    }

    /** Each kind that adds something to the policy file has its line here. */
    private List<PolicyContribution> contributions(TailnetView view, Claims claims) {
        return List.of(ApproversPlanner.contribution(intents, view, claims));
    }

    /** Tags of devices that are managed, or are about to be imported: the policy is published before that. */
    private Map<String, SortedSet<String>> tagsInUse(TailnetView view, Claims claims) {
        var inUse = new HashMap<String, SortedSet<String>>();
        var devices = view.devices();
        var imports = importInput(view);
        for (var device : devices == null ? List.<Device>of() : devices.devices()) {
            claims.holder(device)
                    .map(node -> node.getMetadata().getName())
                    .or(() -> Optional.of(device.name()).filter(name -> ImportPlanner.wants(imports, device)))
                    .ifPresent(name -> device.tags()
                            .forEach(tag -> inUse.computeIfAbsent(tag, unused -> new TreeSet<>())
                                    .add(name)));
        }
        return inUse;
    }

    /** Also by a node that several devices could mean, and by one that is to be imported: neither is nobody's. */
    Predicate<Device> wanted(TailnetView view) {
        var imports = importInput(view);
        return device -> NodeIndex.of(nodeCache, TailnetKey.of(tailnet), device).stream()
                        .anyMatch(node -> !NodeIndex.isFormer(node, device))
                || ImportPlanner.wants(imports, device);
    }

    private PolicyNotes policyNotes() {
        return new PolicyNotes(
                owns(DocumentKind.POLICY), published(DocumentKind.POLICY), annotation(ApiGroup.APPROVE_ANNOTATION));
    }

    /** Whether this Tailnet took the document over before. */
    private boolean owns(DocumentKind<?> kind) {
        return place().equals(annotation(ApiGroup.ownsAnnotation(kind.id())));
    }

    /** Hash of the document that it published last; null when there is none. */
    private @Nullable String published(DocumentKind<?> kind) {
        return annotation(ApiGroup.publishedAnnotation(kind.id()));
    }

    private @Nullable String annotation(String name) {
        var annotations = tailnet.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(name);
    }

    /**
     * What is noted with each publication: that the document is this Tailnet's from now on, and which it is. Kept as annotations because
     * not every service keeps a mark in the document, and outside the status because that is output only.
     *
     * @return the annotations to write; none where they are there already
     */
    Map<String, String> claim(DocumentKind<?> kind, String hash) {
        return owns(kind) && hash.equals(published(kind))
                ? Map.of()
                : Map.of(ApiGroup.ownsAnnotation(kind.id()), place(), ApiGroup.publishedAnnotation(kind.id()), hash);
    }

    private String place() {
        var spec = tailnet.getSpec();
        if (spec.tailscale() != null) {
            return spec.tailscale().url() + "/" + spec.tailscale().tailnet();
        }
        return spec.headscale() == null ? "" : spec.headscale().url() + "/-";
    }
}
