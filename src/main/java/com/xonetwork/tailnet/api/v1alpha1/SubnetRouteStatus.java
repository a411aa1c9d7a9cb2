package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a subnet route. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubnetRouteStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready summarizes the others: every CIDR is reachable through every router. Accepted: the spec is in use."
                        + " Advertised: every router offers every CIDR. Approved: the control plane has approved every CIDR for every"
                        + " router. Serving: each CIDR has a router that is advertised, approved and online.")
        List<Condition> conditions,

        @JsonPropertyDescription("Each CIDR, and the routers through which it is reachable.")
        List<Route> routes,

        @JsonPropertyDescription("Each router, by name of its TailnetNode.")
        List<Router> routers,

        @JsonPropertyDescription("The first of the CIDRs and how many more there are, for kubectl get.") @Nullable
        String cidrSummary,

        @JsonPropertyDescription("The first of the routers and how many more there are, for kubectl get.") @Nullable
        String routerSummary)
        implements ConditionedStatus {

    public SubnetRouteStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        routes = routes == null ? List.of() : List.copyOf(routes);
        routers = routers == null ? List.of() : List.copyOf(routers);
    }

    /** Of a route to these CIDRs, with summaries of the lists. */
    public SubnetRouteStatus(
            @Nullable Long observedGeneration,
            List<Condition> conditions,
            List<Route> routes,
            List<Router> routers,
            List<String> cidrs) {
        this(
                observedGeneration,
                conditions,
                routes,
                routers,
                Shortened.of(cidrs),
                Shortened.of(routers.stream().map(Router::node).toList()));
    }

    /** One network. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Route(
            @JsonPropertyDescription("The network.") String cidr,

            @JsonPropertyDescription(
                    "TailnetNodes that advertise the CIDR, are approved for it and are online: the active router and its"
                            + " standbys.")
            List<String> through,

            @JsonPropertyDescription(
                    "The router that the traffic uses now. Absent if the control plane does not report it (Tailscale's API does"
                            + " not).")
            @Nullable
            String active) {

        public Route {
            through = through == null ? List.of() : List.copyOf(through);
        }
    }

    /** One node that the route leads through. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Router(
            @JsonPropertyDescription("Name of the TailnetNode.")
            String node,

            @JsonPropertyDescription("ID of its device.") @Nullable
            String deviceId,

            @JsonPropertyDescription("Advertised, Approved and Serving of this router.")
            List<Condition> conditions) {

        public Router {
            conditions = conditions == null ? List.of() : List.copyOf(conditions);
        }
    }
}
