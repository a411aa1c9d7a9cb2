package com.xonetwork.tailnet.service;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the API server objects to is the caller's to mend; that it does not answer, or refuses the operator, is not. */
public final class KubernetesFailureMapper {

    private static final Logger LOG = Logger.getLogger(KubernetesFailureMapper.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    @ServerExceptionMapper
    public RestResponse<HttpProblem> answer(KubernetesClientException failure) {
        var problem = problem(failure);
        var answer = RestResponse.ResponseBuilder.<HttpProblem>create(problem.getStatusCode())
                .entity(problem)
                .type(HttpProblem.MEDIA_TYPE);
        problem.getHeaders().forEach(answer::header);
        return answer.build();
    }

    private static HttpProblem problem(KubernetesClientException failure) {
        var said = failure.getStatus() == null
                ? ""
                : String.valueOf(failure.getStatus().getMessage());
        return switch (failure.getCode()) {
            case 400, 422 -> ApiProblems.invalid(said);
            case 404 -> ApiProblems.notFound(said);
            case 409 -> ApiProblems.conflict(said);
            case 410 -> ApiProblems.gone(said + " Begin again, without continue.");
            case 403 -> {
                LOG.warnf("the operator lacks a right that the API needs: %s", said);
                yield ApiProblems.unavailable(
                        "the operator lacks a right that this request needs; its log names it", AGAIN);
            }
            default -> {
                LOG.warnf("the API server did not answer: %s", failure.getMessage());
                yield ApiProblems.unavailable("the API server does not answer at the moment", AGAIN);
            }
        };
    }
}
