package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.time.Duration;
import java.util.stream.Stream;

/** One of each {@link ControlPlaneException}. */
public final class Failing {

    private Failing() {}

    public static ControlPlaneException unavailable() {
        return new ControlPlaneException.Unavailable(503, "the service is down", null);
    }

    public static ControlPlaneException rejected(String message) {
        return new ControlPlaneException.Rejected(400, message);
    }

    public static ControlPlaneException rateLimited(Duration retryAfter) {
        return new ControlPlaneException.RateLimited(429, "too many calls", retryAfter);
    }

    public static ControlPlaneException unauthorized() {
        return new ControlPlaneException.Unauthorized(401, "API token invalid");
    }

    public static ControlPlaneException forbidden() {
        return new ControlPlaneException.Forbidden(
                403, "calling actor does not have enough permissions", "devices:core");
    }

    public static ControlPlaneException notFound() {
        return new ControlPlaneException.NotFound(404, "no such device");
    }

    public static ControlPlaneException conflict() {
        return new ControlPlaneException.Conflict(412, "precondition failed, invalid old hash");
    }

    public static ControlPlaneException notSupported() {
        return new ControlPlaneException.NotSupported(Capability.DEVICE_TAGS);
    }

    /** Every kind there is. */
    public static Stream<ControlPlaneException> ofEachKind() {
        return Stream.of(
                unauthorized(),
                forbidden(),
                notFound(),
                conflict(),
                rateLimited(Duration.ofSeconds(42)),
                rejected("no"),
                unavailable(),
                notSupported(),
                new ControlPlaneException.TooLarge("the list is too large"),
                new ControlPlaneException.ConnectionEnded());
    }
}
