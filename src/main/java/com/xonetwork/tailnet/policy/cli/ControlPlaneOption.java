package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.model.PolicySyntax;
import picocli.CommandLine.Option;

/** {@code --control-plane}: by whose rules policies are read. */
final class ControlPlaneOption {

    @Option(
            names = "--control-plane",
            paramLabel = "NAME",
            description = "the control plane whose rules apply: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private PolicySyntax syntax = PolicySyntax.TAILSCALE;

    PolicySyntax syntax() {
        return syntax;
    }
}
