package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.Operation;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import io.vertx.core.buffer.Buffer;
import java.net.HttpURLConnection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Finds out which parts of the API a service has, in at most six calls that change nothing.
 *
 * <p>The policy check ({@code acl/validate}) decides about more than itself. Tailscale has it; a service without it speaks
 * only a part of the API (Headscale from 0.30), and of such a service it is also known that it cannot take an
 * authorization back (400) and that switching key expiry on again is accepted and does nothing. Those two capabilities
 * are then not declared: a "not supported" is better than a write that is repeated for ever because it never shows.
 */
final class CapabilityProbe {

    /** What every service that speaks this API has. */
    static final Set<Capability> BASIC = Set.of(
            Capability.DEVICE_TAGS,
            Capability.DEVICE_NAME,
            Capability.KEY_EXPIRY_DISABLE,
            Capability.ROUTES,
            Capability.JOIN_KEYS,
            Capability.POLICY,
            Capability.POLICY_ATOMIC_WRITE);

    private static final Set<Capability> COMPLETE_ONLY = Set.of(
            Capability.POLICY_VALIDATE,
            Capability.TAILSCALE_POLICY_SYNTAX,
            Capability.DEVICE_APPROVAL,
            Capability.KEY_EXPIRY_ENABLE,
            Capability.LOGIN_RENEWS_TAGGED_DEVICES,
            Capability.AUDIT_LOG);

    private final TailscaleSession session;
    private final String tailnet;

    CapabilityProbe(TailscaleSession session, String tailnet) {
        this.session = session;
        this.tailnet = tailnet;
    }

    /** Whether these are the capabilities of a service that speaks the whole API. */
    static boolean isComplete(Set<Capability> capabilities) {
        return capabilities.contains(Capability.POLICY_VALIDATE);
    }

    /**
     * Asks the service.
     *
     * @throws ControlPlaneException.Unauthorized when it does not take our credentials
     * @throws ControlPlaneException.NotFound when it has no such tailnet
     * @throws ControlPlaneException.Unavailable when a question got no answer, or nothing that the service says is of this API:
     *     then nothing is known
     */
    Set<Capability> detect() {
        var found = EnumSet.copyOf(BASIC);
        // An empty object is a policy to check, not one to store, and its check is the cheapest there is.
        boolean complete = Presence.THERE
                == look(call(TailscaleOperations.VALIDATE_POLICY, "acl", "validate")
                        .withBody("application/hujson", Buffer.buffer("{}")));
        if (complete) {
            found.addAll(COMPLETE_ONLY);
            // Here the service's own 404 means "not configured", not "cannot".
            var stream = call(TailscaleOperations.GET_LOG_STREAM, "logging", "configuration", "stream");
            if (look(stream) != Presence.NO_SUCH_PATH) {
                found.add(Capability.LOG_STREAMING);
            }
        } else {
            // A path that does not exist may answer 404 to anybody, so it proves neither credentials nor tailnet, nor
            // that
            // the service answered at all: a proxy in front of one that is starting says 404 to everything.
            proveAccess();
        }
        addIfExists(found, Capability.DNS, call(TailscaleOperations.GET_DNS_PREFERENCES, "dns", "preferences"));
        addIfExists(found, Capability.WEBHOOKS, call(TailscaleOperations.LIST_WEBHOOKS, "webhooks"));
        addIfExists(found, Capability.SERVICES, call(TailscaleOperations.LIST_SERVICES, "services"));
        return found;
    }

    private void addIfExists(Set<Capability> found, Capability capability, HttpCall call) {
        if (look(call) == Presence.THERE) {
            found.add(capability);
        }
    }

    private enum Presence {
        THERE,
        /** The service knows the path and says that nothing is there. */
        NOTHING_THERE,
        NO_SUCH_PATH
    }

    /** Without the scope for it (403) a part of the API is there all the same; the scope is told when it is used. */
    private Presence look(HttpCall call) {
        try {
            session.send(call);
            return Presence.THERE;
        } catch (ControlPlaneException.Forbidden | ControlPlaneException.Rejected e) {
            if (e.status() == 0) {
                throw e; // our own refusal to connect, not the service's
            }
            return Presence.THERE;
        } catch (ControlPlaneException.NotFound e) {
            return Presence.NOTHING_THERE;
        } catch (ControlPlaneException.Unavailable e) {
            if (isNoSuchPath(e)) {
                return Presence.NO_SUCH_PATH;
            }
            throw e;
        }
    }

    /** Each service that speaks this API knows one of these two paths. */
    private void proveAccess() {
        if (!knows(call(TailscaleOperations.GET_SETTINGS, "settings"))
                && !knows(call(TailscaleOperations.LIST_KEYS, "keys"))) {
            throw new ControlPlaneException.Unavailable(
                    HttpURLConnection.HTTP_NOT_FOUND,
                    "The control plane knows neither the settings nor the keys of a tailnet. It is starting, or a proxy answers in"
                            + " its place, or it has no Tailscale API. Check the URL",
                    null);
        }
    }

    private boolean knows(HttpCall call) {
        try {
            session.send(call);
            return true;
        } catch (ControlPlaneException.Forbidden e) {
            // Known, only not allowed to look: that is enough.
            return true;
        } catch (ControlPlaneException.Unavailable e) {
            if (isNoSuchPath(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isNoSuchPath(ControlPlaneException.Unavailable e) {
        return e.status() == 404 || e.status() == 405 || e.status() == 501;
    }

    private HttpCall call(Operation operation, String... elements) {
        var path = new String[elements.length + 4];
        path[0] = "api";
        path[1] = "v2";
        path[2] = "tailnet";
        path[3] = tailnet;
        System.arraycopy(elements, 0, path, 4, elements.length);
        return HttpCall.of(operation, RequestPath.of(path)).asTentative();
    }
}
