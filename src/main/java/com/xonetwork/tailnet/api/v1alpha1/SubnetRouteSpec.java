package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What a user says about a subnet route. */
@ValidationRule(
        value = "self.tailnetRef == oldSelf.tailnetRef",
        message = "tailnetRef cannot change: delete this SubnetRoute and create one for the other Tailnet")
@ValidationRule(
        value = "self.cidrs.all(c, isCIDR(c))",
        message = "cidrs must be networks such as 192.168.50.0/24 or fd00:1::/64")
@ValidationRule(
        value = "self.cidrs.all(c, !isCIDR(c) || cidr(c) == cidr(c).masked())",
        message = "cidrs must not have host bits set: write 192.168.50.0/24, not 192.168.50.1/24")
@ValidationRule(
        value = "self.cidrs.all(c, !isCIDR(c) || cidr(c).prefixLength() > 0)",
        message = "a default route (0.0.0.0/0 or ::/0) is an exit node's: create an ExitNode for it")
@ValidationRule(value = "self.cidrs.all(c, self.cidrs.exists_one(d, d == c))", message = "cidrs must not repeat")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SubnetRouteSpec(
        @Required @JsonPropertyDescription("The Tailnet that the route belongs to, in the same namespace.")
        LocalRef tailnetRef,

        @Required
        @Size(min = 1, max = SubnetRouteSpec.MAX_CIDRS)
        @JsonPropertyDescription(
                "Networks without host bits, IPv4 or IPv6, for example 192.168.50.0/24. No default route.")
        List<@Size(min = 4, max = 43) String> cidrs,

        @Required @JsonPropertyDescription("The routers: by name or by label, not both.")
        RouteVia via,

        @Default("ActiveStandby")
        @JsonPropertyDescription(
                "How several nodes share the route. ActiveStandby: all are approved. The control plane sends the traffic"
                        + " through one node, and changes to another when that node goes offline.")
        HighAvailability ha) {

    public static final int MAX_CIDRS = 64;

    public SubnetRouteSpec {
        cidrs = cidrs == null ? List.of() : List.copyOf(cidrs);
        ha = ha == null ? HighAvailability.ACTIVE_STANDBY : ha;
    }
}
