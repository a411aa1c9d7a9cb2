package com.xonetwork.tailnet.service;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;

/** What the API answers instead of what was asked for: RFC 9457, with a detail that says what to do. */
final class ApiProblems {

    /** What they are, for the description of the API. */
    static final String DESCRIPTION =
            "What was wrong, and what to do (RFC 9457). 401, 403: as kubectl auth can-i says. 429, 503: come again"
                    + " after Retry-After.";

    private static final int UNPROCESSABLE = 422;

    private ApiProblems() {}

    static HttpProblem badRequest(String detail) {
        return problem(Status.BAD_REQUEST.getStatusCode(), "Bad request", detail)
                .build();
    }

    static HttpProblem unauthorized(String detail) {
        return problem(Status.UNAUTHORIZED.getStatusCode(), "Unauthorized", detail)
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    static HttpProblem forbidden(String detail) {
        return problem(Status.FORBIDDEN.getStatusCode(), "Forbidden", detail).build();
    }

    static HttpProblem notFound(String detail) {
        return problem(Status.NOT_FOUND.getStatusCode(), "Not found", detail).build();
    }

    static HttpProblem conflict(String detail) {
        return problem(Status.CONFLICT.getStatusCode(), "Conflict", detail).build();
    }

    static HttpProblem gone(String detail) {
        return problem(Status.GONE.getStatusCode(), "Gone", detail).build();
    }

    static HttpProblem invalid(String detail) {
        return problem(UNPROCESSABLE, "Invalid", detail).build();
    }

    static HttpProblem tooMany(String detail, Duration wait) {
        return problem(Status.TOO_MANY_REQUESTS.getStatusCode(), "Too many requests", detail)
                .withHeader(HttpHeaders.RETRY_AFTER, seconds(wait))
                .build();
    }

    static HttpProblem unavailable(String detail, Duration wait) {
        return problem(Status.SERVICE_UNAVAILABLE.getStatusCode(), "Unavailable", detail)
                .withHeader(HttpHeaders.RETRY_AFTER, seconds(wait))
                .build();
    }

    /** Whether the same request may be answered otherwise some moments later. */
    static boolean passes(HttpProblem problem) {
        return problem.getHeaders().containsKey(HttpHeaders.RETRY_AFTER);
    }

    /** Never 0, which asks for a loop. */
    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static HttpProblem.Builder problem(int status, String title, String detail) {
        return HttpProblem.builder().withStatus(status).withTitle(title).withDetail(detail);
    }
}
