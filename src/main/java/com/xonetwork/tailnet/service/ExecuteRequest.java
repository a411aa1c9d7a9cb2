package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An order: a template and its parameters, never a command. The fields mean what they mean in an AutomationRun. */
@Schema(description = "An order for one run of an AutomationTemplate.")
record ExecuteRequest(
        @Schema(
                required = true,
                description = "Namespace of the template, its nodes and the new run.",
                examples = "infra")
        @Nullable
        String namespace,

        @Schema(required = true, description = "Name of the AutomationTemplate.", examples = "ping") @Nullable
        String template,

        @Schema(
                required = true,
                description =
                        "The machines: nodes by name, or a selector. address, port, user and hostKey of a node need"
                                + " targets.override: true in the template.")
        @Nullable
        RunTargets targets,

        @Schema(type = SchemaType.OBJECT, description = "Values of the template's parameters.") @Nullable
        JsonNode parameters,

        @Schema(
                description = "If true, the run changes nothing and shows what it would change.",
                defaultValue = "false")
        @Nullable
        Boolean checkMode,

        @Schema(maxLength = 128, description = "The caller's own id of this request, for correlation with its logs.")
        @Nullable
        String requestId) {

    /**
     * @param caller who is noted as the one who asked
     * @throws io.quarkiverse.resteasy.problem.HttpProblem 400 when something is missing
     */
    AutomationRunSpec spec(Caller caller) {
        return new AutomationRunSpec(
                new LocalRef(required(template, "template")),
                required(targets, "targets"),
                parameters,
                Boolean.TRUE.equals(checkMode),
                false,
                false,
                null,
                requestId,
                caller.note());
    }

    String requiredNamespace() {
        return required(namespace, "namespace");
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null || value.equals("")) {
            throw ApiProblems.badRequest(name + " is missing");
        }
        return value;
    }
}
