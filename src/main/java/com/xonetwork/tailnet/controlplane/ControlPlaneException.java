package com.xonetwork.tailnet.controlplane;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong at a control plane, by what the caller must do about it. Messages are for users and end in
 * conditions: they carry the service's own text, never a credential, and nothing that differs from one attempt to the next.
 * The service's name for the exchange is in {@link #requestId()}, for logs.
 */
public abstract sealed class ControlPlaneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private @Nullable String requestId;

    private ControlPlaneException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status, or 0 when no answer came. Kept even when the body was HTML, empty or cut. */
    public int status() {
        return status;
    }

    /** The service's name for the exchange that failed, for its support; not in the message, because it never repeats. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Says which exchange this was. */
    public void setRequestId(@Nullable String id) {
        requestId = id;
    }

    @Override
    public String toString() {
        return super.toString() + (requestId == null ? "" : " [request " + requestId + "]");
    }

    /** Whether trying again without a change by a human can help. */
    public boolean isTransient() {
        return this instanceof RateLimited
                || this instanceof Unavailable
                || this instanceof Conflict
                || this instanceof ConnectionEnded;
    }

    /** Whether two failures are of one kind. Messages carry times to wait: another text alone is no news. */
    public static boolean areAlike(@Nullable ControlPlaneException one, @Nullable ControlPlaneException other) {
        return one == null || other == null
                ? one == other
                : one.getClass() == other.getClass() && one.status() == other.status();
    }

    /** The credentials are wrong, expired or revoked (the services do not say which). */
    public static final class Unauthorized extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public Unauthorized(int status, String message) {
            super(status, message, null);
        }
    }

    /** The credentials are good but may not do this. */
    public static final class Forbidden extends ControlPlaneException {
        private static final long serialVersionUID = 1L;
        private final @Nullable String scope;
        private final boolean byPlan;

        /** @param scope the OAuth scope that the operation needs, where known */
        public Forbidden(int status, String message, @Nullable String scope) {
            this(status, message, scope, false);
        }

        private Forbidden(int status, String message, @Nullable String scope, boolean byPlan) {
            super(status, message, null);
            this.scope = scope;
            this.byPlan = byPlan;
        }

        /** Nobody may do this in this tailnet: what it pays for does not include it. */
        public static Forbidden byPlan(int status, String message) {
            return new Forbidden(status, message, null, true);
        }

        public Optional<String> scope() {
            return Optional.ofNullable(scope);
        }

        /** Whether it is the tailnet's plan that forbids it; then no scope helps. */
        public boolean isByPlan() {
            return byPlan;
        }
    }

    /** The device, key or tailnet does not exist. */
    public static final class NotFound extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public NotFound(int status, String message) {
            super(status, message, null);
        }
    }

    /** Somebody else wrote in between: read again, decide again. */
    public static final class Conflict extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public Conflict(int status, String message) {
            super(status, message, null);
        }
    }

    /** Too many calls; the service or our own budget says when to come back. */
    public static final class RateLimited extends ControlPlaneException {
        private static final long serialVersionUID = 1L;
        private final Duration retryAfter;
        private final boolean unanswered;

        public RateLimited(int status, String message, Duration retryAfter) {
            this(status, message, retryAfter, false);
        }

        private RateLimited(int status, String message, Duration retryAfter, boolean unanswered) {
            super(status, message, null);
            this.retryAfter = retryAfter;
            this.unanswered = unanswered;
        }

        /** No call was made, because the ones before were not answered. */
        public static RateLimited unanswered(String message, Duration retryAfter) {
            return new RateLimited(0, message, retryAfter, true);
        }

        /**
         * Whether no call was made, for a reason of the operator's own: its budget, or other calls under way. That says nothing of the
         * control plane.
         */
        public boolean isHeldBack() {
            return status() == 0 && !unanswered;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The service understood and refuses: sending the same again will be refused again. */
    public static final class Rejected extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        /** In which both services say that tags have no owner whom the credentials may act for. */
        private static final String NOT_PERMITTED = "invalid or not permitted";

        public Rejected(int status, String message) {
            super(status, message, null);
        }

        /** Whether tags are refused for want of an owner, and not for what they are. */
        public boolean isForTagOwners() {
            return String.valueOf(getMessage()).contains(NOT_PERMITTED);
        }
    }

    /**
     * No usable answer: connect or call timeout, 5xx, a body that is not what the API promises (HTML, cut or empty
     * JSON, over the size limit), a redirect. Whether a write took effect is not known.
     */
    public static final class Unavailable extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public Unavailable(int status, String message, @Nullable Throwable cause) {
            super(status, message, cause);
        }
    }

    /** This control plane lacks the capability; no call was made. */
    public static final class NotSupported extends ControlPlaneException {
        private static final long serialVersionUID = 1L;
        private final Capability capability;

        public NotSupported(Capability capability) {
            super(0, "this control plane does not support " + capability, null);
            this.capability = capability;
        }

        public Capability capability() {
            return capability;
        }
    }

    /** The list is larger than the operator takes: it is refused whole, and nothing is known from it. */
    public static final class TooLarge extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(200, message, null);
        }
    }

    /**
     * The call was decided on what an earlier connection showed, and was not made: the Tailnet is connected elsewhere by now, or
     * nowhere. Decide again on what is known then.
     */
    public static final class ConnectionEnded extends ControlPlaneException {
        private static final long serialVersionUID = 1L;

        public ConnectionEnded() {
            super(0, "the call was not made: the Tailnet has another connection by now", null);
        }
    }
}
