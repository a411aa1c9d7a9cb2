package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.document.RestingWrite;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import jakarta.inject.Singleton;
import java.util.Optional;

/** What is remembered of each tailnet's policy between two reconciliations. */
@Singleton
public final class PolicyMemory {

    private final TailnetDocument<PolicyDocument, PolicyPrecondition> document;
    private final PerTailnet<PolicyForesight> foresights;

    public PolicyMemory(TailnetDocument.Keeping keeping) {
        this.document = new TailnetDocument<>(DocumentKind.POLICY, keeping);
        this.foresights = new PerTailnet<>(PerTailnet.About.TAILNET, keeping.snapshots());
    }

    /** The publication that failed and is not to be tried again yet. */
    public Optional<RestingWrite<PolicyPrecondition>> resting(TailnetKey tailnet) {
        return document.resting(tailnet);
    }

    /** What policies of a tailnet would do: the last answers are kept. */
    public PolicyForesight foresight(TailnetKey tailnet) {
        return foresights.getOrMake(tailnet, () -> new PolicyForesight(tailnet));
    }

    TailnetDocument<PolicyDocument, PolicyPrecondition> document() {
        return document;
    }
}
