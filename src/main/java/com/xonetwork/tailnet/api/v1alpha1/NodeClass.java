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

/** Rules by which nodes get their tags and settings: auto-tagging. Writes nothing outside; nodes read it. */
@JsonClassDescription("Rules by which TailnetNodes get their tags and settings (auto-tagging).")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("nodeclasses")
@ShortNames("nclass")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "NODES", type = Type.INTEGER, jsonPath = ".status.nodes")
@AdditionalPrinterColumn(name = "PRIORITY", type = Type.INTEGER, jsonPath = ".spec.priority")
@AdditionalPrinterColumn(name = "TAGS", type = Type.STRING, jsonPath = ".status.tagSummary")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
public class NodeClass extends CustomResource<NodeClassSpec, NodeClassStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public NodeClassSpec getSpec() {
        return super.getSpec();
    }
}
