package com.xonetwork.tailnet.simulator;

/** A refusal, in the service's own words. Carries no stack trace: it is an answer, not an accident. */
final class ApiError extends RuntimeException {

    static final String NO_DEVICE = "no manageable device matching this ID found";
    static final String NO_PERMISSION = "calling actor does not have enough permissions to perform this function";
    static final String TOKEN_INVALID = "API token invalid";

    private final int status;

    ApiError(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    static ApiError badRequest(String message) {
        return new ApiError(400, message);
    }

    static ApiError noDevice() {
        return new ApiError(404, NO_DEVICE);
    }

    static ApiError noPermission() {
        return new ApiError(403, NO_PERMISSION);
    }

    static ApiError tokenInvalid() {
        return new ApiError(401, TOKEN_INVALID);
    }

    static ApiError tagsRefused(Iterable<String> requested) {
        return badRequest("requested tags [" + String.join(" ", requested) + "] are invalid or not permitted");
    }
}
