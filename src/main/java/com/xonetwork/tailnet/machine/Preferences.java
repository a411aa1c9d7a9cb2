package com.xonetwork.tailnet.machine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a machine's tailscaled must be set to, as one desired state: {@code tailscale up} refuses some of it without the rest.
 *
 * @param hostname what the machine calls itself
 * @param advertiseRoutes CIDRs without the exit routes
 * @param advertiseExitNode offers itself as an exit node
 * @param exitNode tailnet address of the exit node to use; null for none
 * @param exitNodeAllowLanAccess reaches its own network past the exit node
 * @param note what a user should know of how these came about; null for nothing
 */
public record Preferences(
        String hostname,
        SortedSet<String> advertiseRoutes,
        boolean advertiseExitNode,
        @Nullable String exitNode,
        boolean exitNodeAllowLanAccess,
        boolean acceptRoutes,
        boolean acceptDns,
        boolean ssh,
        @Nullable String note) {

    public Preferences {
        advertiseRoutes = Collections.unmodifiableSortedSet(new TreeSet<>(advertiseRoutes));
    }

    /** As the role {@code xo.tailnet.tailscale} takes them. */
    Map<String, Object> parameters() {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("tailscale_hostname", hostname);
        parameters.put("tailscale_advertise_routes", List.copyOf(advertiseRoutes));
        parameters.put("tailscale_advertise_exit_node", advertiseExitNode);
        parameters.put("tailscale_exit_node", exitNode == null ? "" : exitNode);
        parameters.put("tailscale_exit_node_allow_lan_access", exitNodeAllowLanAccess);
        parameters.put("tailscale_accept_routes", acceptRoutes);
        parameters.put("tailscale_accept_dns", acceptDns);
        parameters.put("tailscale_ssh", ssh);
        return parameters;
    }
}
