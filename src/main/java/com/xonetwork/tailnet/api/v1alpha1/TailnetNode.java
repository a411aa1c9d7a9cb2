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

/** A machine that must be in the tailnet. The only writer of its device. */
@JsonClassDescription(
        "A machine that must be in the tailnet. The only writer of its device: name, tags, approval, key expiry,"
                + " routes.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("tailnetnodes")
@ShortNames("tnode")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(
        name = "ONLINE",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Online\")].status")
@AdditionalPrinterColumn(name = "ADDRESS", type = Type.STRING, jsonPath = ".status.address")
@AdditionalPrinterColumn(name = "TAGS", type = Type.STRING, jsonPath = ".status.tagSummary")
@AdditionalPrinterColumn(name = "CLASS", type = Type.STRING, jsonPath = ".status.classSummary")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "TAILNET", type = Type.STRING, priority = 1, jsonPath = ".spec.tailnetRef.name")
@AdditionalPrinterColumn(name = "DEVICE", type = Type.STRING, priority = 1, jsonPath = ".status.deviceId")
@AdditionalPrinterColumn(
        name = "MESSAGE",
        type = Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
public class TailnetNode extends CustomResource<TailnetNodeSpec, TailnetNodeStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public TailnetNodeSpec getSpec() {
        return super.getSpec();
    }
}
