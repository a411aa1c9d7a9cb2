package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.http.ErrorAnswer;
import com.xonetwork.tailnet.controlplane.http.ErrorMapping;
import com.xonetwork.tailnet.controlplane.http.StandardErrors;
import java.net.HttpURLConnection;

/** Where the Tailscale API does not mean what the status says. */
final class TailscaleErrors implements ErrorMapping {

    private final StandardErrors standard = new StandardErrors();

    @Override
    public ControlPlaneException toException(ErrorAnswer answer) {
        if (answer.operation().equals(TailscaleOperations.DELETE_DEVICE) && answer.status() == 501 && answer.json()) {
            // "cannot delete devices outside of your tailnet": shared in, so not a device of this tailnet.
            return new ControlPlaneException.NotFound(501, answer.describe());
        }
        if (answer.status() == HttpURLConnection.HTTP_FORBIDDEN && !answer.json()) {
            // The service refuses in JSON. A gateway in front of it refuses, and no scope would help.
            return new ControlPlaneException.Unavailable(
                    answer.status(),
                    answer.describe()
                            + "; this answer is not the control plane's. Check the proxy or gateway in front of it",
                    null);
        }
        if (answer.operation().equals(TailscaleOperations.TOKEN) && answer.status() == 400 && answer.code() != null) {
            return tokenRefused(answer, answer.code());
        }
        if (answer.operation().equals(TailscaleOperations.EXCHANGE_TOKEN)) {
            return exchangeRefused(answer);
        }
        return standard.toException(answer);
    }

    /** Whatever the service dislikes about the identity or its token, it is the credentials that are wrong. */
    private ControlPlaneException exchangeRefused(ErrorAnswer answer) {
        boolean judged = answer.json()
                && switch (answer.status()) {
                    case 400, 401, 403, 404, 422 -> true;
                    default -> false;
                };
        return judged && !StandardErrors.isUnknownPath(answer.serviceMessage())
                ? new ControlPlaneException.Unauthorized(answer.status(), answer.describe())
                : standard.toException(answer);
    }

    /** RFC 6749, section 5.2: the status is 400 for most reasons, the code tells them apart. */
    private ControlPlaneException tokenRefused(ErrorAnswer answer, String code) {
        return switch (code) {
            case "invalid_client", "invalid_grant", "unauthorized_client" ->
                new ControlPlaneException.Unauthorized(400, answer.describe());
            case "invalid_scope" -> new ControlPlaneException.Forbidden(400, answer.describe(), null);
            default -> standard.toException(answer);
        };
    }
}
