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

/** An automation of the allow-list. A run names it; nothing that is not a template can be executed. */
@JsonClassDescription(
        "An automation that may be run on nodes: a playbook or task, its parameters, and the rules of its runs.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("automationtemplates")
@ShortNames("atpl")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "ENGINE", type = Type.STRING, jsonPath = ".spec.engine")
@AdditionalPrinterColumn(name = "APPROVAL", type = Type.BOOLEAN, jsonPath = ".spec.requireApproval")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "DESCRIPTION", type = Type.STRING, jsonPath = ".spec.description", priority = 1)
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public class AutomationTemplate extends CustomResource<AutomationTemplateSpec, AutomationTemplateStatus>
        implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public AutomationTemplateSpec getSpec() {
        return super.getSpec();
    }
}
