package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's tailscaled must be set to. What is null here is left as the machine has it.
 *
 * @param hostname what the machine calls itself
 * @param advertiseRoutes CIDRs without the exit routes
 * @param advertiseExitNode offers itself as an exit node
 * @param keepUnmanaged whatever else it advertises, exit routes included, it goes on to advertise
 * @param exitNode tailnet address of the exit node to use; empty for none
 * @param exitNodeAllowLanAccess reaches its own network past the exit node
 * @param adopt whether a machine that was in a tailnet before is changed at the first contact
 * @param note what a user should know of how these came about; null for nothing
 */
public record Preferences(
        String hostname,
        SortedSet<String> advertiseRoutes,
        boolean advertiseExitNode,
        boolean keepUnmanaged,
        @Nullable String exitNode,
        @Nullable Boolean exitNodeAllowLanAccess,
        @Nullable Boolean acceptRoutes,
        @Nullable Boolean acceptDns,
        @Nullable Boolean ssh,
        Adoption adopt,
        @Nullable String note) {

    public Preferences {
        advertiseRoutes = Collections.unmodifiableSortedSet(new TreeSet<>(advertiseRoutes));
    }

    /** As the role {@code xo.tailnet.tailscale} takes them: what it is not given, it keeps. */
    Map<String, Object> parameters() {
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("tailscale_hostname", hostname);
        parameters.put("tailscale_advertise_routes", List.copyOf(advertiseRoutes));
        parameters.put("tailscale_advertise_exit_node", advertiseExitNode);
        parameters.put("tailscale_unmanaged_routes", keepUnmanaged ? "keep" : "remove");
        putSaid(parameters, "tailscale_exit_node", exitNode);
        putSaid(parameters, "tailscale_exit_node_allow_lan_access", exitNodeAllowLanAccess);
        putSaid(parameters, "tailscale_accept_routes", acceptRoutes);
        putSaid(parameters, "tailscale_accept_dns", acceptDns);
        putSaid(parameters, "tailscale_ssh", ssh);
        return parameters;
    }

    private static void putSaid(Map<String, Object> parameters, String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
