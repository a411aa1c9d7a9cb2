package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.pure.Pure;

/** How an exception of the control plane reads as a condition: one mapping for all resources. */
@Pure
public final class Failures {

    private Failures() {}

    /** The reason, and with it whether a retry can help. */
    public static Reason reason(ControlPlaneException failure) {
        return switch (failure) {
            case ControlPlaneException.Unauthorized e -> Reason.UNAUTHORIZED;
            case ControlPlaneException.Forbidden e -> Reason.FORBIDDEN;
            case ControlPlaneException.NotFound e -> Reason.DEVICE_NOT_FOUND;
            case ControlPlaneException.Conflict e -> Reason.POLICY_CHANGED_MEANWHILE;
            case ControlPlaneException.RateLimited e -> Reason.RATE_LIMITED;
            case ControlPlaneException.Rejected e -> Reason.REJECTED;
            case ControlPlaneException.Unavailable e -> Reason.CONTROL_PLANE_UNAVAILABLE;
            case ControlPlaneException.TooLarge e -> Reason.DEVICE_LIST_TOO_LARGE;
            case ControlPlaneException.ConnectionEnded e -> Reason.CONTROL_PLANE_UNAVAILABLE;
            case ControlPlaneException.NotSupported e -> Reason.NOT_SUPPORTED_BY_CONTROL_PLANE;
        };
    }

    /** The exception's own message and what to do about it. */
    public static String message(ControlPlaneException failure) {
        var text = String.valueOf(failure.getMessage());
        return switch (failure) {
            case ControlPlaneException.Unauthorized e ->
                text
                        + ". Put working credentials into the Secret, or correct the federated identity; they are read again"
                        + " by themselves.";
            case ControlPlaneException.Forbidden e -> text + ". " + permission(e);
            case ControlPlaneException.RateLimited e ->
                // Held back by the operator itself, each time for another while: that alone is no news.
                text
                        + (e.status() == 0
                                ? ". The operator will retry."
                                : ". The operator will retry after "
                                        + e.retryAfter().toSeconds() + " s.");
            case ControlPlaneException.Unavailable e -> text + ". The operator will retry.";
            case ControlPlaneException.TooLarge e -> text;
            case ControlPlaneException.ConnectionEnded e -> text + ". The operator will retry.";
            case ControlPlaneException.NotFound e -> text;
            case ControlPlaneException.Conflict e -> text;
            case ControlPlaneException.Rejected e -> text;
            case ControlPlaneException.NotSupported e -> text;
        };
    }

    private static String permission(ControlPlaneException.Forbidden failure) {
        if (failure.isByPlan()) {
            return "The tailnet's plan does not include this: change the plan, or remove the field from the spec.";
        }
        return failure.scope()
                .map(scope -> "Add the OAuth scope " + scope
                        + " to the OAuth client or federated identity. With an API access token, its user lacks the"
                        + " permission: use a token of a user who has it.")
                .orElse("The credentials lack a permission, and the control plane does not say which. On Tailscale,"
                        + " compare their scopes with docs/how-to/connect-tailscale.md.");
    }
}
