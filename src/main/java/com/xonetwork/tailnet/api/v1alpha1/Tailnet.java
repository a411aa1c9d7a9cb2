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
 * A tailnet: which control plane, how often it is looked at, whose policy. The only writer of what exists once per tailnet,
 * above all the policy file.
 */
@JsonClassDescription(
        "A tailnet: its control plane, its credentials, its polls and its policy. The only writer of things that"
                + " exist once per tailnet.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("tailnets")
@ShortNames("tn")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "DEVICES", type = Type.INTEGER, jsonPath = ".status.devices.total")
@AdditionalPrinterColumn(name = "ONLINE", type = Type.INTEGER, jsonPath = ".status.devices.online")
@AdditionalPrinterColumn(name = "MANAGED", type = Type.INTEGER, jsonPath = ".status.devices.managed")
@AdditionalPrinterColumn(
        name = "POLICY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"PolicyInSync\")].reason")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "CONTROL PLANE", type = Type.STRING, priority = 1, jsonPath = ".status.controlPlane")
@AdditionalPrinterColumn(
        name = "MESSAGE",
        type = Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
public class Tailnet extends CustomResource<TailnetSpec, TailnetStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public TailnetSpec getSpec() {
        return super.getSpec();
    }
}
