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

/** One execution of a template on some nodes: an order, and its record. */
@JsonClassDescription("One execution of an AutomationTemplate on some TailnetNodes, with the result of each machine.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("automationruns")
@ShortNames("arun")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "TEMPLATE", type = Type.STRING, jsonPath = ".spec.templateRef.name")
@AdditionalPrinterColumn(name = "PHASE", type = Type.STRING, jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "OK", type = Type.INTEGER, jsonPath = ".status.hostTotals.ok")
@AdditionalPrinterColumn(name = "CHANGED", type = Type.INTEGER, jsonPath = ".status.hostTotals.changed")
@AdditionalPrinterColumn(name = "FAILED", type = Type.INTEGER, jsonPath = ".status.hostTotals.failed")
@AdditionalPrinterColumn(name = "UNREACHABLE", type = Type.INTEGER, jsonPath = ".status.hostTotals.unreachable")
@AdditionalPrinterColumn(name = "DURATION", type = Type.STRING, jsonPath = ".status.duration")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Succeeded\")].reason")
@AdditionalPrinterColumn(name = "CHECK", type = Type.BOOLEAN, jsonPath = ".spec.checkMode", priority = 1)
@AdditionalPrinterColumn(name = "JOB", type = Type.STRING, jsonPath = ".status.job.name", priority = 1)
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public class AutomationRun extends CustomResource<AutomationRunSpec, AutomationRunStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public AutomationRunSpec getSpec() {
        return super.getSpec();
    }
}
