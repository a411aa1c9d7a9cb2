package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.pure.Pure;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Optional;

/**
 * Which runs and templates are the operator's own. Names and labels prove nothing; an owner reference does as far as the
 * admission policies reserve it to the operator's account.
 */
@Pure
public final class OperatorRuns {

    private OperatorRuns() {}

    /** Whether the operator made the run for this node: it belongs to the node itself, or to a HealPolicy. */
    public static boolean isOperators(AutomationRun run, TailnetNode node) {
        return isOperators(run, node.getMetadata().getUid());
    }

    private static boolean isOperators(AutomationRun run, String nodeUid) {
        return Ownership.controller(run, HealPolicy.class).isPresent()
                || Ownership.controller(run, TailnetNode.class)
                        .filter(owner -> nodeUid.equals(owner.getUid()))
                        .isPresent();
    }

    /** The node that a template was made for; empty for a template of a user. */
    static Optional<OwnerReference> nodeOf(AutomationTemplate template) {
        return Ownership.controller(template, TailnetNode.class);
    }

    /** Whether the template hands a node's join key to its machine, and the run is by somebody who may not order that. */
    static boolean isForbidden(AutomationRun run, AutomationTemplate template) {
        return !template.getSpec().secrets().isEmpty()
                && nodeOf(template)
                        .filter(node -> !isOperators(run, node.getUid()))
                        .isPresent();
    }
}
