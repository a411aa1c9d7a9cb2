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
                "What happens at the first contact with a machine that is in a tailnet already: Plan says in MachineInSync what would"
                        + " be changed, and waits; Apply changes it. Absent: Plan. It has no effect on a machine that the operator"
                        + " has configured before.")
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
                "Name of an ExitNode, in the same namespace, whose active candidate this machine uses as exit node; None uses none."
                        + " Absent: the machine's own setting stays. A machine that offers itself as an exit node uses none.")
        @Nullable
        String exitNode,

        @JsonPropertyDescription(
                "Reach the machine's own local network directly while it uses an exit node. Absent: true if exitNode names one,"
                        + " because the operator's SSH comes that way; otherwise the machine's own setting stays.")
        @Nullable
        Boolean exitNodeAllowLanAccess) {

    /** As {@code exitNode}: the machine uses none. No ExitNode can have this name. */
    public static final String NO_EXIT_NODE = "None";
}
