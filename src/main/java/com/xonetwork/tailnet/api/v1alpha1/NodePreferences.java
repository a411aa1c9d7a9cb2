package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Preferences of the machine's tailscaled, as {@code tailscale set} takes them. They take effect on nodes with
 * {@code spec.join.ssh} or {@code spec.join.cloudInit}: the control plane cannot set them. A field that nobody sets is left as the machine has it.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodePreferences(
        @JsonPropertyDescription(
                "What happens at the first contact with a machine that is already in a tailnet. Plan: MachineInSync says what"
                        + " the operator would change, and the operator waits. Apply: the operator changes it. No effect on a machine"
                        + " that the operator has configured before. Absent: Plan.")
        @Nullable
        Adoption adopt,

        @JsonPropertyDescription(
                "Use the subnet routes that others advertise. Absent: the machine's own setting stays.")
        @Nullable
        Boolean acceptRoutes,

        @JsonPropertyDescription("Use the tailnet's DNS settings. Absent: the machine's own setting stays.") @Nullable
        Boolean acceptDns,

        @JsonPropertyDescription("Run Tailscale SSH. Absent: the machine's own setting stays.") @Nullable
        Boolean ssh,

        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
                "Name of an ExitNode in the same namespace. The machine uses its active candidate as exit node. None: no exit"
                        + " node. A machine that offers itself as an exit node uses none. Absent: the machine's own setting stays.")
        @Nullable
        String exitNode,

        @JsonPropertyDescription(
                "Reach the machine's own local network directly while it uses an exit node. Absent: true if exitNode names an"
                        + " ExitNode, because the operator's SSH may come from that network; otherwise the machine's own setting stays.")
        @Nullable
        Boolean exitNodeAllowLanAccess) {

    /** As {@code exitNode}: the machine uses none. No ExitNode can have this name. */
    public static final String NO_EXIT_NODE = "None";
}
