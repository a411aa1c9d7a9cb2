package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Networks that are reachable through some nodes. An intent: the nodes' own reconciler approves the routes (the services
 * replace a device's whole list of them), the Tailnet's puts auto-approvers into the policy.
 */
@JsonClassDescription("Networks (CIDRs) that the tailnet reaches through some of its nodes, the subnet routers.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("subnetroutes")
@ShortNames("snr")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "CIDRS", type = Type.STRING, jsonPath = ".status.cidrSummary")
@AdditionalPrinterColumn(name = "ROUTERS", type = Type.STRING, jsonPath = ".status.routerSummary")
@AdditionalPrinterColumn(
        name = "ADVERTISED",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Advertised\")].status")
@AdditionalPrinterColumn(
        name = "APPROVED",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Approved\")].status")
@AdditionalPrinterColumn(
        name = "SERVING",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Serving\")].status")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "TAILNET", type = Type.STRING, jsonPath = ".spec.tailnetRef.name", priority = 1)
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public class SubnetRoute extends CustomResource<SubnetRouteSpec, SubnetRouteStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public SubnetRouteSpec getSpec() {
        return super.getSpec();
    }
}
