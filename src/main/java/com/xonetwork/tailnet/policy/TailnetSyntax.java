package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.TailnetSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleControlPlane;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Optional;
import java.util.Set;

/** By whose rules the policy and the tags of a Tailnet go. */
@Pure
public final class TailnetSyntax {

    private TailnetSyntax() {}

    /**
     * Empty while it is not known what answers at a URL of the user's own: Tailscale's API is spoken by newer Headscales too.
     *
     * @param capabilities of the control plane; empty while unknown
     */
    public static Optional<PolicySyntax> of(TailnetSpec spec, Set<Capability> capabilities) {
        if (spec.headscale() != null) {
            return Optional.of(PolicySyntax.HEADSCALE);
        }
        var tailscale = spec.tailscale();
        if (tailscale == null || TailscaleControlPlane.isService(tailscale.url())) {
            return Optional.of(PolicySyntax.TAILSCALE);
        }
        if (capabilities.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                capabilities.contains(Capability.TAILSCALE_POLICY_SYNTAX)
                        ? PolicySyntax.TAILSCALE
                        : PolicySyntax.HEADSCALE);
    }

    /** What is wrong by these rules is wrong by all others too. */
    static PolicySyntax loosest() {
        return PolicySyntax.HEADSCALE;
    }
}
