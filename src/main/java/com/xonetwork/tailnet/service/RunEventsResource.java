package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunEvent;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens in a run, while it happens. */
@Tag(name = "Runs")
@SecurityRequirement(name = "kubernetes")
@APIResponse(
        responseCode = "default",
        description = ApiProblems.DESCRIPTION,
        content =
                @Content(mediaType = "application/problem+json", schema = @Schema(implementation = HttpProblem.class)))
@Path("/api")
@Blocking
public final class RunEventsResource {

    private static final int MOST_EVENTS = 1_000;

    private final Access access;
    private final ClientAddresses addresses;
    private final RunRequestEffects runs;
    private final RunEventStore store;
    private final RunEventStreams streams;

    RunEventsResource(
            Access access,
            ClientAddresses addresses,
            RunRequestEffects runs,
            RunEventStore store,
            RunEventStreams streams) {
        this.access = access;
        this.addresses = addresses;
        this.runs = runs;
        this.store = store;
        this.streams = streams;
    }

    @GET
    @Path("/runs/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "streamEvents",
            summary = "Follow the events of a run",
            description =
                    "Server-sent events of all attempts, in order. The last event is named end. Needs the right to"
                            + " get automationruns.")
    @APIResponse(
            responseCode = "200",
            description = "The id of an event is ATTEMPT-COUNTER. Its data is JSON.",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(oneOf = {StreamedEvent.class, StreamEnd.class})))
    public void events(
            @PathParam("id") String id,
            @Parameter(description = "Only events of this machine.") @QueryParam("host") @Nullable String host,
            @Parameter(
                            description =
                                    "Id of the last event that the client has, if it cannot set the header Last-Event-ID.")
                    @QueryParam("after")
                    @Nullable
                    String after,
            @Parameter(description = "Id of the last event that the client has.")
                    @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
                    @Nullable
                    String last,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request,
            @Context RoutingContext exchange,
            @Context SecurityContext security,
            @Context SseEventSink sink,
            @Context Sse sse) {
        var run = RunId.parse(id);
        var from = StreamPosition.parse(last == null ? after : last);
        var authorization = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
        var address = addresses.of(request);
        var head = new CompletableFuture<@Nullable Void>();
        exchange.addHeadersEndHandler(head::complete);
        // A stream outlives what was known of its reader when it began.
        streams.begin(
                () -> {
                    access.require(access.who(authorization, address), RunAction.get(run));
                    return runs.get(run);
                },
                AccessFilter.caller(security),
                from,
                host,
                sink,
                sse,
                head);
    }

    @GET
    @Path("/runs/{id}/log")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "readLog",
            summary = "Read the log of an attempt",
            description =
                    "In parts: ask for the next part with the nextOffset of the one before. Needs the right to get automationruns.")
    @APIResponse(
            responseCode = "200",
            description = "A part of the log.",
            content = @Content(schema = @Schema(implementation = LogPage.class)))
    public LogPage log(
            @PathParam("id") String id,
            @Parameter(description = "Number of the attempt. Default: the last one.") @QueryParam("attempt") @Nullable
                    Integer attempt,
            @Parameter(description = "Number of events to skip: 0, or the nextOffset of the part before.")
                    @QueryParam("offset")
                    @DefaultValue("0")
                    long offset,
            @Parameter(description = "Only lines of this machine.") @QueryParam("host") @Nullable String host,
            @Context SecurityContext security) {
        if (offset < 0) {
            throw ApiProblems.badRequest("offset must not be negative");
        }
        var action = RunAction.get(RunId.parse(id));
        access.require(AccessFilter.caller(security), action);
        var run = runs.get(new RunId(action.namespace(), action.run()));
        var of = attempt == null ? Math.max(1, RunView.attemptOf(run)) : attempt;
        var key = new AttemptKey(
                run.getMetadata().getNamespace(), run.getMetadata().getUid(), of);
        var events = store.after(key, offset, MOST_EVENTS);
        var next = events.isEmpty() ? offset : events.getLast().counter();
        return new LogPage(of, text(events, host), offset, next, isComplete(run, key, next));
    }

    private boolean isComplete(AutomationRun run, AttemptKey attempt, long counter) {
        var over = RunView.phaseOf(run).isTerminal() || RunView.attemptOf(run) > attempt.attempt();
        return over && store.after(attempt, counter, 1).isEmpty();
    }

    private static String text(List<RunEvent> events, @Nullable String host) {
        return events.stream()
                .filter(event -> host == null || host.equals(event.host()))
                .map(RunEvent::text)
                .filter(Objects::nonNull)
                .map(text -> text.endsWith("\n") ? text : text + "\n")
                .collect(Collectors.joining());
    }
}
