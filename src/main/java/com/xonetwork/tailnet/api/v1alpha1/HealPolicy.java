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

/** Says when nodes are unhealthy, which remedies follow one another, and which guards hold them back. */
@JsonClassDescription(
        "Says when nodes are unhealthy, which remedies the operator tries in which order, and which guards hold them"
                + " back.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("healpolicies")
@ShortNames("heal")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "MODE", type = Type.STRING, jsonPath = ".spec.mode")
@AdditionalPrinterColumn(name = "NODES", type = Type.INTEGER, jsonPath = ".status.observedNodes")
@AdditionalPrinterColumn(name = "HEALTHY", type = Type.INTEGER, jsonPath = ".status.healthyNodes")
@AdditionalPrinterColumn(
        name = "ALLOWED",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"RemediationAllowed\")].status")
@AdditionalPrinterColumn(
        name = "STORM",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"StormActive\")].status")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public class HealPolicy extends CustomResource<HealPolicySpec, HealPolicyStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public HealPolicySpec getSpec() {
        return super.getSpec();
    }
}
