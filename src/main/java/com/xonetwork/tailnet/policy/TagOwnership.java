package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.snapshot.PerTailnet;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.snapshot.TailnetView;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The tags that exist in a tailnet by its policy in force. Parsed once per policy, not once per node. */
@Singleton
public final class TagOwnership {

    private final PerTailnet<Parsed> latest;

    public TagOwnership(SnapshotStore snapshots) {
        this.latest = new PerTailnet<>(PerTailnet.About.RESOURCE, snapshots);
    }

    private record Parsed(PolicyDocument document, Optional<Set<String>> tags) {}

    /** Empty when the policy is not known or cannot be parsed. */
    public Optional<Set<String>> ownedTags(TailnetKey tailnet, TailnetView view) {
        var document = view.document(DocumentKind.POLICY).document();
        if (document == null) {
            return Optional.empty();
        }
        return Objects.requireNonNull(latest.change(
                        tailnet,
                        before -> before != null && before.document().equals(document)
                                ? before
                                : new Parsed(document, parse(document))))
                .tags();
    }

    private static Optional<Set<String>> parse(PolicyDocument document) {
        try {
            return Optional.of(PolicyView.of(document.text()).tags());
        } catch (PolicySyntaxException e) {
            return Optional.empty();
        }
    }
}
