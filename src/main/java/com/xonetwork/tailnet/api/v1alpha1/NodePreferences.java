package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Preferences of the machine's tailscaled, as {@code tailscale set} takes them. They take effect on nodes with
 * {@code spec.join.ssh}: the control plane cannot set them. A field that nobody sets has Tailscale's own default on Linux.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodePreferences(
        @JsonPropertyDescription("Use the subnet routes that others advertise; false when nobody says.") @Nullable
        Boolean acceptRoutes,

        @JsonPropertyDescription("Use the tailnet's DNS settings; true when nobody says.") @Nullable
        Boolean acceptDns,

        @JsonPropertyDescription("Run Tailscale SSH; false when nobody says.") @Nullable
        Boolean ssh,

        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
                "Name of an ExitNode, in the same namespace, whose active candidate this machine uses as exit node. A machine that"
                        + " is a candidate of an ExitNode itself uses none.")
        @Nullable
        String exitNode,

        @JsonPropertyDescription(
                "Reach the machine's own local network directly while it uses an exit node; true when nobody says, as the"
                        + " operator's SSH comes that way.")
        @Nullable
        Boolean exitNodeAllowLanAccess) {}
