package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.policy.PolicyEffects;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import jakarta.inject.Singleton;

/** Performs a Tailnet's plan, part by part. */
@Singleton
final class TailnetEffects {

    private final PolicyEffects policy;
    private final ImportEffects imports;
    private final GarbageEffects garbage;
    private final GarbageGatherer garbageNow;
    private final AnnotationEffects annotations;

    TailnetEffects(
            PolicyEffects policy,
            ImportEffects imports,
            GarbageEffects garbage,
            GarbageGatherer garbageNow,
            AnnotationEffects annotations) {
        this.policy = policy;
        this.imports = imports;
        this.garbage = garbage;
        this.garbageNow = garbageNow;
        this.annotations = annotations;
    }

    /** The policy before the devices: a tag must have its owner before a node can carry it. */
    TailnetOutcome perform(TailnetInput input, TailnetPlan plan) {
        var scope = input.scope();
        var tailnet = scope.tailnet();
        var published = policy.perform(
                TailnetKey.of(tailnet),
                input.view(),
                plan.policy(),
                tailnet,
                hash -> annotations.claim(tailnet, DocumentKind.POLICY, hash));
        var failures = imports.perform(tailnet, input.view(), plan.imports());
        var collected = garbage.perform(
                tailnet,
                plan.garbage(),
                () -> garbageNow.gather(tailnet, scope.classes()),
                notes -> annotations.collections(tailnet, notes));
        return new TailnetOutcome(
                plan.connection(),
                plan.policy().after(published),
                plan.imports().after(failures),
                collected,
                plan.imports().isInRace(failures));
    }
}
