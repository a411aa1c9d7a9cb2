package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.http.ErrorAnswer;
import com.xonetwork.tailnet.controlplane.http.ErrorMapping;
import com.xonetwork.tailnet.controlplane.http.Operation;
import com.xonetwork.tailnet.controlplane.http.StandardErrors;
import java.util.Locale;
import java.util.Set;

/**
 * What Headscale's errors mean. Its statuses come from gRPC codes that the handlers mostly leave at "unknown", so a
 * refusal, a missing node and a broken database may all be 500: the message text decides. What is not recognised stays
 * what the status says, a 500 thus transient.
 */
final class HeadscaleErrors implements ErrorMapping {

    /** Texts of 0.29 (seen on a live server), lower case. */
    private static final Set<String> NO_SUCH_NODE =
            Set.of("node not found", "node no longer exists in nodestore", "type mismatch, parameter: node_id");

    private static final String NO_POLICY = "acl policy not found";

    private static final Set<String> REFUSALS = Set.of(
            "tag must start with",
            "requested tags",
            "cannot remove all tags",
            "parsing route",
            "auth-key must be",
            "parsing policy",
            "test(s) failed",
            "update is disabled");

    /** Operations whose every complaint is about what was asked, unless the database shows through. */
    private static final Set<Operation> JUDGING =
            Set.of(HeadscaleOperations.RENAME_NODE, HeadscaleOperations.SET_POLICY, HeadscaleOperations.SET_TAGS);

    private static final Set<String> STORAGE =
            Set.of("database", "sql", "disk", "context deadline", "context canceled");

    private final StandardErrors standard = new StandardErrors();

    @Override
    public ControlPlaneException toException(ErrorAnswer answer) {
        int status = answer.status();
        var said = answer.serviceMessage().toLowerCase(Locale.ROOT);
        boolean judged = answer.json() && (status == 400 || status == 404 || status == 500);
        if (!judged) {
            return standard.toException(answer);
        }
        if (contains(said, NO_SUCH_NODE) || said.contains(NO_POLICY)) {
            return new ControlPlaneException.NotFound(status, answer.describe());
        }
        if (status == 500 && isRefusal(answer.operation(), said)) {
            return new ControlPlaneException.Rejected(status, answer.describe());
        }
        return standard.toException(answer);
    }

    private static boolean isRefusal(Operation operation, String said) {
        if (contains(said, STORAGE)) {
            return false;
        }
        return contains(said, REFUSALS) || JUDGING.contains(operation);
    }

    private static boolean contains(String text, Set<String> parts) {
        return parts.stream().anyMatch(text::contains);
    }
}
