package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.time.Duration;
import java.util.Locale;

/** The meaning that HTTP statuses have where a service keeps to them. */
public final class StandardErrors implements ErrorMapping {

    /** When a service says "too many" and not how long. */
    private static final Duration UNTOLD_WAIT = Duration.ofSeconds(5);

    @Override
    public ControlPlaneException toException(ErrorAnswer answer) {
        var message = answer.describe();
        int status = answer.status();
        return switch (status) {
            case 400, 422 -> new ControlPlaneException.Rejected(status, message);
            case 401 -> new ControlPlaneException.Unauthorized(status, message);
            case 402, 403 -> forbidden(answer);
            case 404 -> notFound(answer);
            case 409, 412 -> new ControlPlaneException.Conflict(status, message);
            case 429 ->
                new ControlPlaneException.RateLimited(
                        status, message, answer.retryAfter() == null ? UNTOLD_WAIT : answer.retryAfter());
            default -> new ControlPlaneException.Unavailable(status, message, null);
        };
    }

    /** A plan's limit comes as 402, or as 403 with these words: then a scope would not help. */
    private static ControlPlaneException forbidden(ErrorAnswer answer) {
        boolean byPlan = answer.status() == 402
                || answer.serviceMessage().toLowerCase(Locale.ROOT).contains("billing plan");
        return byPlan
                ? ControlPlaneException.Forbidden.byPlan(answer.status(), answer.describe())
                : new ControlPlaneException.Forbidden(
                        answer.status(), answer.describe(), answer.operation().scope());
    }

    /**
     * Only the API itself can say that a thing is not there. A 404 of a proxy, or of a path that the service does not
     * have, says nothing about the thing, and taking it for "deleted" would be destructive.
     */
    private static ControlPlaneException notFound(ErrorAnswer answer) {
        if (answer.json() && !isUnknownPath(answer.serviceMessage())) {
            return new ControlPlaneException.NotFound(answer.status(), answer.describe());
        }
        return new ControlPlaneException.Unavailable(
                answer.status(), answer.describe() + "; is this the address of the API?", null);
    }

    /** Whether this is what servers say of a path that they do not have. */
    public static boolean isUnknownPath(String message) {
        var text = message.toLowerCase(Locale.ROOT);
        return text.contains("page not found") || text.equals("not found");
    }
}
