package com.xonetwork.tailnet.service;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** JSON that is well-formed and not what it should be; the value itself is not repeated. */
public final class BodyFormMapper {

    @ServerExceptionMapper
    public RestResponse<HttpProblem> answer(MismatchedInputException failure) {
        var field = failure.getPath().stream()
                .map(Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        var what = field.isEmpty() ? "the body must be a JSON object" : field + " has a value of the wrong type";
        return RestResponse.ResponseBuilder.<HttpProblem>create(RestResponse.Status.BAD_REQUEST)
                .entity(ApiProblems.badRequest(what + ": see /api/openapi"))
                .type(HttpProblem.MEDIA_TYPE)
                .build();
    }
}
