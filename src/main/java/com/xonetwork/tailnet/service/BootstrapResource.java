package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.bootstrap.BootstrapEffects;
import com.xonetwork.tailnet.bootstrap.BootstrapEffects.Answer;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where a machine fetches its join key at its first boot. Its caller has no account of the cluster, only a token for one use. */
@Tag(name = "Bootstrap")
@APIResponse(
        responseCode = "default",
        description = ApiProblems.DESCRIPTION,
        content =
                @Content(mediaType = "application/problem+json", schema = @Schema(implementation = HttpProblem.class)))
@Path("/bootstrap")
public final class BootstrapResource {

    private static final Duration KEY_COMES_SOON = Duration.ofSeconds(5);

    private final Access access;
    private final ClientAddresses addresses;
    private final BootstrapEffects bootstrap;

    BootstrapResource(Access access, ClientAddresses addresses, BootstrapEffects bootstrap) {
        this.access = access;
        this.addresses = addresses;
        this.bootstrap = bootstrap;
    }

    @POST
    @Path("/{namespace}/{name}")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            operationId = "fetchJoinKey",
            summary = "Fetch the join key of a machine, once",
            description =
                    "Takes the token of the TailnetNode's user-data. The second call gets 403, and so does a call with"
                            + " an unknown token or node.")
    @APIResponse(
            responseCode = "200",
            description = "The join key. The token cannot be used again.",
            content = @Content(mediaType = MediaType.TEXT_PLAIN))
    public Response fetch(
            @Parameter(description = "Namespace of the TailnetNode.") @PathParam("namespace") String namespace,
            @Parameter(description = "Name of the TailnetNode.") @PathParam("name") String name,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpServerRequest request) {
        var token = Access.bearer(authorization)
                .orElseThrow(
                        () -> ApiProblems.unauthorized("send the token of the user-data: Authorization: Bearer TOKEN"));
        return switch (bootstrap.redeem(namespace, name, token)) {
            case Answer.Key key ->
                Response.ok(key.authKey())
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
            case Answer.Refused _ -> {
                // After the look, which costs next to nothing: all machines may come from one address, and so may
                // strangers.
                access.admitStranger(addresses.of(request));
                throw ApiProblems.forbidden(
                        "this token was used already, has expired, or is not the one of this node's present user-data");
            }
            // An answer and no exception, which would be an error in the log: machines ask again until there is one.
            case Answer.NotYet _ ->
                ApiProblems.unavailable("there is no join key at the moment; the token is still good", KEY_COMES_SOON)
                        .toResponse();
        };
    }
}
