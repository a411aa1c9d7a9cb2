package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunApproval;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Orders runs, shows them, ends them, decides on them. */
@Tag(name = "Runs")
@SecurityRequirement(name = "kubernetes")
@APIResponse(
        responseCode = "default",
        description = ApiProblems.DESCRIPTION,
        content =
                @Content(mediaType = "application/problem+json", schema = @Schema(implementation = HttpProblem.class)))
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public final class ServiceManagerResource {

    private static final int MOST_KEY = 255;
    private static final int MOST_PAGE = 500;

    private final Access access;
    private final RunRequestEffects runs;

    ServiceManagerResource(Access access, RunRequestEffects runs) {
        this.access = access;
        this.runs = runs;
    }

    @POST
    @Path("/execute")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "execute",
            summary = "Order one run of a template",
            description = "Needs the right to create automationruns in the namespace.")
    @APIResponse(
            responseCode = "202",
            description = "The AutomationRun was created, or existed already for the same Idempotency-Key and request.",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Response execute(
            ExecuteRequest request,
            @Parameter(
                            description =
                                    "Up to 255 characters. The same caller, namespace and key mean the same run for as long"
                                            + " as that run exists, so that an order can be sent again when its answer was lost.")
                    @HeaderParam("Idempotency-Key")
                    @Nullable
                    String key,
            @Context SecurityContext security) {
        var caller = AccessFilter.caller(security);
        if (request == null) {
            throw ApiProblems.badRequest("the body is missing: an order as JSON");
        }
        if (key != null && (key.isBlank() || key.length() > MOST_KEY)) {
            throw ApiProblems.badRequest("Idempotency-Key must have between 1 and " + MOST_KEY + " characters");
        }
        access.require(caller, RunAction.create(request.requiredNamespace()));
        var accepted = Accepted.of(runs.order(request, caller, Optional.ofNullable(key)));
        return Response.accepted(accepted)
                .location(URI.create(accepted.statusUrl()))
                .build();
    }

    @GET
    @Path("/runs")
    @Operation(
            operationId = "listRuns",
            summary = "List runs, by name",
            description = "Needs the right to list automationruns in the namespace, or in all of them.")
    @APIResponse(
            responseCode = "200",
            description = "A page of runs.",
            content = @Content(schema = @Schema(implementation = RunPage.class)))
    public RunPage list(
            @Parameter(description = "Namespace of the runs. Default: all namespaces.")
                    @QueryParam("namespace")
                    @DefaultValue("")
                    String namespace,
            @Parameter(description = "Only runs of this template.") @QueryParam("template") @Nullable String template,
            @Parameter(description = "Only runs in this phase.") @QueryParam("phase") @Nullable String phase,
            @Parameter(description = "Number of runs to examine for one page, at most 500.")
                    @QueryParam("limit")
                    @DefaultValue("100")
                    int limit,
            @Parameter(description = "The value of continue in the page before.") @QueryParam("continue") @Nullable
                    String next,
            @Context SecurityContext security) {
        if (limit < 1 || limit > MOST_PAGE) {
            throw ApiProblems.badRequest("limit must be between 1 and " + MOST_PAGE);
        }
        var wanted = phase == null ? null : phase(phase);
        access.require(AccessFilter.caller(security), RunAction.list(namespace));
        var page = runs.list(namespace, limit, next);
        var items = page.getItems().stream()
                .filter(run -> template == null
                        || template.equals(run.getSpec().templateRef().name()))
                .filter(run -> wanted == null || wanted == RunView.phaseOf(run))
                .map(RunView::brief)
                .toList();
        var more = page.getMetadata().getContinue();
        return new RunPage(items, more == null || more.isEmpty() ? null : more);
    }

    private static RunPhase phase(String text) {
        for (var phase : RunPhase.values()) {
            if (phase.word().equalsIgnoreCase(text)) {
                return phase;
            }
        }
        throw ApiProblems.badRequest("there is no phase of that name");
    }

    @GET
    @Path("/runs/{id}")
    @Operation(operationId = "getRun", summary = "Show a run", description = "Needs the right to get automationruns.")
    @APIResponse(
            responseCode = "200",
            description = "The run.",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    public RunView get(@PathParam("id") String id, @Context SecurityContext security) {
        return RunView.whole(allowed(RunAction.get(RunId.parse(id)), security));
    }

    @POST
    @Path("/runs/{id}/cancel")
    @Operation(
            operationId = "cancelRun",
            summary = "End a run",
            description = "Needs the right to patch automationruns. A run that has ended stays as it is.")
    @APIResponse(
            responseCode = "202",
            description = "The operator ends the run.",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    public Response cancel(@PathParam("id") String id, @Context SecurityContext security) {
        var run = RunId.parse(id);
        var there = allowed(RunAction.patch(run), security);
        if (RunView.phaseOf(there).isTerminal()) {
            throw ApiProblems.conflict("run " + run + " has ended: " + phaseText(there));
        }
        return Response.accepted(RunView.whole(runs.cancel(run))).build();
    }

    @POST
    @Path("/runs/{id}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "approveRun",
            summary = "Approve or deny a run that waits for approval",
            description = "Needs the rights to patch automationruns and to update automationruns/approval. A decision"
                    + " cannot change.")
    @APIResponse(
            responseCode = "202",
            description = "The decision was recorded.",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    public Response approve(ApprovalRequest request, @PathParam("id") String id, @Context SecurityContext security) {
        var run = RunId.parse(id);
        if (request == null || request.inputsHash() == null) {
            throw ApiProblems.badRequest("inputsHash is missing: that of the run, as it was looked at");
        }
        access.require(AccessFilter.caller(security), RunAction.decide(run));
        var there = allowed(RunAction.patch(run), security);
        if (RunView.phaseOf(there) != RunPhase.AWAITING_APPROVAL) {
            throw ApiProblems.conflict("run " + run + " waits for no approval: " + phaseText(there));
        }
        var status = there.getStatus();
        if (status == null || !request.inputsHash().equals(status.inputsHash())) {
            throw ApiProblems.conflict("what run " + run + " would do has another inputsHash by now: look at it again");
        }
        if (there.getSpec().approval() != null) {
            throw ApiProblems.conflict("run " + run + " has a decision, which cannot change: order another run");
        }
        var decision = request.decision() == null ? RunApproval.Decision.APPROVE : request.decision();
        var by = AccessFilter.caller(security).note();
        return Response.accepted(RunView.whole(runs.decide(run, new RunApproval(decision, request.inputsHash(), by))))
                .build();
    }

    private AutomationRun allowed(RunAction action, SecurityContext security) {
        access.require(AccessFilter.caller(security), action);
        return runs.get(new RunId(action.namespace(), action.run()));
    }

    private static String phaseText(AutomationRun run) {
        return "its phase is " + RunView.phaseOf(run).word();
    }
}
