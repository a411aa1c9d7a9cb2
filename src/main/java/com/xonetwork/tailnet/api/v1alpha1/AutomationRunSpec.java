package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution of a template. Fixed once created, but for {@code cancel} and {@code approval}. */
@ValidationRule(
        value = "self.templateRef == oldSelf.templateRef && self.targets == oldSelf.targets &&"
                + " self.checkMode == oldSelf.checkMode && self.requireApproval == oldSelf.requireApproval",
        message = "a run cannot change, except cancel and approval: create another AutomationRun")
@ValidationRule(
        value = "has(self.requestId) == has(oldSelf.requestId) && (!has(self.requestId) || self.requestId =="
                + " oldSelf.requestId) && has(self.requestedBy) == has(oldSelf.requestedBy) && (!has(self.requestedBy) ||"
                + " self.requestedBy == oldSelf.requestedBy)",
        message = "requestId and requestedBy cannot change")
@ValidationRule(
        value = "!(has(oldSelf.cancel) && oldSelf.cancel) || has(self.cancel) && self.cancel",
        message = "a cancelled run stays cancelled: create another AutomationRun")
@ValidationRule(
        value = "oldSelf.hasValue() || !has(self.approval)",
        optionalOldSelf = true,
        message = "approval cannot be set when a run is created: create the run, look at its status.inputsHash, and set"
                + " approval after that")
@ValidationRule(
        value = "!has(oldSelf.approval) || has(self.approval) && self.approval == oldSelf.approval",
        message = "approval cannot change once it is set: create another AutomationRun")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationRunSpec(
        @Required @JsonPropertyDescription("The AutomationTemplate, in the same namespace.")
        LocalRef templateRef,

        @Required @JsonPropertyDescription("The machines.") RunTargets targets,

        @JsonDeserialize(using = BoundedJson.class)
        @PreserveUnknownFields
        @SchemaFrom(type = Map.class)
        @JsonPropertyDescription(
                "Values for the template's parameters, at most 64 KiB. Do not put secrets here: the template names them."
                        + " Changes after the start of the run have no effect.")
        @Nullable
        JsonNode parameters,

        @Default("false")
        @JsonPropertyDescription("true changes nothing, and shows what would change, with differences.")
        Boolean checkMode,

        @Default("false")
        @JsonPropertyDescription(
                "true holds the run until somebody approves it, even if its template does not require approval, and also with"
                        + " checkMode.")
        Boolean requireApproval,

        @Default("false") @JsonPropertyDescription("true ends the run. The results of machines so far are kept.")
        Boolean cancel,

        @JsonPropertyDescription(
                "The decision on a run that waits for approval. It cannot be set when the run is created, and cannot change.")
        @Nullable
        RunApproval approval,

        @Size(min = 1, max = 128)
        @JsonPropertyDescription("The requester's own ID of this request, for correlation.")
        @Nullable
        String requestId,

        @Size(max = 253)
        @JsonPropertyDescription(
                "User who asked for the run. With the chart's admission policies it is the user who creates the run, or"
                        + " absent. The API sets it to the user of the token, and the operator to the resource for which it created the"
                        + " run. Without these policies, this field proves nothing.")
        @Nullable
        String requestedBy) {

    public AutomationRunSpec {
        checkMode = checkMode != null && checkMode;
        requireApproval = requireApproval != null && requireApproval;
        cancel = cancel != null && cancel;
    }
}
