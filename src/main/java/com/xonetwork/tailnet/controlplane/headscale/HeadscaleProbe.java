package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.DescriptionJson;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.HealthJson;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what a Headscale can do, from its own description of its API and not from its version: the version of a
 * self-built one says nothing, and guessing wrong here is dangerous. A server that does not know the parameter
 * {@code disableExpiry} ignores it, and would expire the node on the spot instead of keeping it for ever.
 */
final class HeadscaleProbe {

    /** What every server has, besides the ports that the adapter always offers. */
    static final Set<Capability> BASIC = Set.of(Capability.DEVICE_TAGS, Capability.DEVICE_NAME, Capability.ROUTES);

    private static final String EXPIRE = "/api/v1/node/{nodeId}/expire";
    private static final String CHECK = "/api/v1/policy/check";

    private final HeadscaleSession session;

    HeadscaleProbe(HeadscaleSession session) {
        this.session = session;
    }

    /**
     * Asks the server, in two or three reads.
     *
     * @return what was found, without what follows from a port
     * @throws ControlPlaneException.Unauthorized when it does not take our key
     * @throws ControlPlaneException.Unavailable when it gives no answer, or has lost its database
     */
    Set<Capability> detect() {
        proveAccess();
        var found = EnumSet.copyOf(BASIC);
        var paths = description();
        if (paths.containsKey(CHECK)) {
            found.add(Capability.POLICY_VALIDATE);
        }
        if (String.valueOf(paths.get(EXPIRE)).contains("disableExpiry")) {
            found.add(Capability.KEY_EXPIRY_DISABLE);
        }
        return found;
    }

    private void proveAccess() {
        try {
            var answer = session.send(HttpCall.of(HeadscaleOperations.HEALTH, RequestPath.of("api", "v1", "health")));
            if (Boolean.FALSE.equals(session.read(answer, HealthJson.class).databaseConnectivity())) {
                throw answer.unusable("the server has no connection to its database");
            }
        } catch (ControlPlaneException.Unavailable e) {
            if (!isNoSuchPath(e)) {
                throw e;
            }
            // Before 0.27 there was no such path; the list of nodes has always been there.
            session.send(HttpCall.of(HeadscaleOperations.LIST_NODES, RequestPath.of("api", "v1", "node")));
        }
    }

    /** Paths by name; empty where the server does not publish its description. */
    private Map<String, Object> description() {
        try {
            var answer = session.send(
                    HttpCall.of(HeadscaleOperations.DESCRIPTION, RequestPath.of("swagger", "v1", "openapiv2.json")));
            var paths = session.read(answer, DescriptionJson.class).paths();
            return paths == null ? Map.of() : paths;
        } catch (ControlPlaneException.Unavailable e) {
            // 200: a proxy shows a page there, or cuts the path off. Then nothing is known, so nothing is declared.
            if (isNoSuchPath(e) || e.status() == 200) {
                return Map.of();
            }
            throw e;
        } catch (ControlPlaneException.Forbidden | ControlPlaneException.NotFound e) {
            return Map.of();
        }
    }

    private static boolean isNoSuchPath(ControlPlaneException.Unavailable e) {
        return e.status() == 404 || e.status() == 405 || e.status() == 501;
    }
}
