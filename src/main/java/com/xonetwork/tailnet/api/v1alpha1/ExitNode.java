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
 * Nodes that may serve as exits, and which of them does now. An intent: the nodes' own reconciler approves the exit routes.
 * {@code status.active} is the choice for whoever configures the machines that use the exit.
 */
@JsonClassDescription("Nodes that may serve as exit nodes, in order of preference, and which of them is active now.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("exitnodes")
@ShortNames("exn")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "ACTIVE", type = Type.STRING, jsonPath = ".status.active.node")
@AdditionalPrinterColumn(name = "ADDRESS", type = Type.STRING, jsonPath = ".status.active.address")
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
public class ExitNode extends CustomResource<ExitNodeSpec, ExitNodeStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public ExitNodeSpec getSpec() {
        return super.getSpec();
    }
}
