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

/** A part of a tailnet's access policy. An intent: only the Tailnet publishes. */
@JsonClassDescription(
        "A part of a tailnet's policy file. The Tailnet merges all parts, checks the result and publishes it.")
@Group(ApiGroup.GROUP)
@Version(ApiGroup.VERSION)
@Plural("aclpolicies")
@ShortNames("acl")
@Categories(ApiGroup.CATEGORY)
@AdditionalPrinterColumn(name = "TAILNET", type = Type.STRING, jsonPath = ".spec.tailnetRef.name")
@AdditionalPrinterColumn(name = "PRIORITY", type = Type.INTEGER, jsonPath = ".spec.priority")
@AdditionalPrinterColumn(
        name = "ACCEPTED",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status")
@AdditionalPrinterColumn(
        name = "PUBLISHED",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Published\")].status")
@AdditionalPrinterColumn(
        name = "READY",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "REASON",
        type = Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "AGE", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "MESSAGE",
        type = Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
public class AclPolicy extends CustomResource<AclPolicySpec, AclPolicyStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Required
    @Override
    public AclPolicySpec getSpec() {
        return super.getSpec();
    }
}
