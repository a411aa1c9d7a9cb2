package com.xonetwork.tailnet.controlplane.tailscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.Operation;
import io.vertx.core.buffer.Buffer;
import java.net.HttpURLConnection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which parts of the API a service has, in at most six calls that change nothing.
 *
 * <p>The policy check ({@code acl/validate}) decides about more than itself. Tailscale has it; a service without it speaks
 * only a part of the API (Headscale from 0.30), and of such a service it is also known that it cannot take an
 * authorization back (400) and that switching key expiry on again is accepted and does nothing. Those two capabilities
 * are then not declared: a "not supported" is better than a write that is repeated for ever because it never shows.
 */
final class CapabilityProbe {

    private static final int UNPROCESSABLE = 422;

    /** What every service that speaks this API has, besides the ports that the adapter always offers. */
    static final Set<Capability> BASIC = Set.of(
            Capability.DEVICE_TAGS,
            Capability.DEVICE_NAME,
            Capability.KEY_EXPIRY_DISABLE,
            Capability.ROUTES,
            Capability.POLICY_ATOMIC_WRITE);

    private static final Set<Capability> COMPLETE_ONLY = Set.of(
            Capability.POLICY_VALIDATE,
            Capability.TAILSCALE_POLICY_SYNTAX,
            Capability.DEVICE_APPROVAL,
            Capability.KEY_EXPIRY_ENABLE,
            Capability.LOGIN_RENEWS_TAGGED_DEVICES);

    /** Of the whole API alone, each found by a path of its own. */
    private static final Set<Capability> FURTHER = Set.of(Capability.DNS, Capability.WEBHOOKS, Capability.SERVICES);

    /** What a refusal is, besides 404: the path is there, and the scope or the plan is not, or the question is wrong. */
    private static final Set<Integer> REFUSALS = Set.of(
            HttpURLConnection.HTTP_BAD_REQUEST,
            HttpURLConnection.HTTP_PAYMENT_REQUIRED,
            HttpURLConnection.HTTP_FORBIDDEN,
            UNPROCESSABLE);

    private final TailscaleSession session;
    private final TailnetPath tailnet;

    CapabilityProbe(TailscaleSession session, TailnetPath tailnet) {
        this.session = session;
        this.tailnet = tailnet;
    }

    /** Whether these are the capabilities of a service that speaks the whole API. */
    static boolean isComplete(Set<Capability> capabilities) {
        return capabilities.contains(Capability.POLICY_VALIDATE);
    }

    /**
     * What was found.
     *
     * @param capabilities without those that follow from a port
     * @param approvesAll whether the service said that devices need no approval
     * @param isOdd whether no known service answers so: a proxy may answer in place of a part of it
     */
    record Found(Set<Capability> capabilities, boolean approvesAll, boolean isOdd) {}

    /** @param approvesAll of a service that has the path */
    private record Settings(boolean isKnown, boolean approvesAll) {
        static final Settings NOT_ASKED = new Settings(true, false);
        static final Settings NOT_KNOWN = new Settings(false, false);
    }

    /**
     * Asks the service.
     *
     * @throws ControlPlaneException.Unauthorized when it does not take our credentials
     * @throws ControlPlaneException.NotFound when it has no such tailnet
     * @throws ControlPlaneException.Unavailable when a question got no answer, or nothing that the service says is of this API:
     *     then nothing is known
     */
    Found detect() {
        // Before all paths: what the token endpoint says is told as it is, not taken for the answer of a path.
        session.authenticate();
        var answers = new Answers();
        // An empty object is a policy to check, not one to store, and its check is the cheapest there is.
        boolean complete = Presence.THERE
                == answers.to(call(TailscaleOperations.VALIDATE_POLICY, "acl", "validate")
                        .withBody("application/hujson", Buffer.buffer("{}")));
        var settings = Settings.NOT_ASKED;
        if (complete) {
            answers.found.addAll(COMPLETE_ONLY);
            // Here the service's own 404 means "not configured", not "cannot".
            var stream = answers.to(call(TailscaleOperations.GET_LOG_STREAM, "logging", "configuration", "stream"));
            if (stream == Presence.THERE || stream == Presence.NOTHING_THERE) {
                answers.found.add(Capability.LOG_STREAMING);
            }
        } else {
            // A path that does not exist answers 404 to anybody. That proves no credentials, tailnet or service.
            // A proxy in front of a service that is starting says 404 to everything.
            settings = answers.settings();
            answers.prove(settings.isKnown(), answers.knowsKeys(settings.isKnown()));
        }
        answers.addIfThere(Capability.DNS, call(TailscaleOperations.GET_DNS_PREFERENCES, "dns", "preferences"));
        answers.addIfThere(Capability.WEBHOOKS, call(TailscaleOperations.LIST_WEBHOOKS, "webhooks"));
        answers.addIfThere(Capability.SERVICES, call(TailscaleOperations.LIST_SERVICES, "services"));
        var isMixed = !complete && !Collections.disjoint(answers.found, FURTHER);
        return new Found(answers.found, settings.approvesAll(), answers.areOdd || isMixed);
    }

    /** What the answers of one detection come to. */
    private final class Answers {
        private final Set<Capability> found = EnumSet.copyOf(BASIC);
        private boolean areOdd;

        /** What somebody else said of a path that each service knows: it tells more than that the path is not known. */
        private ControlPlaneException.@Nullable Unavailable ofSomebodyElse;

        Presence to(HttpCall call) {
            var presence = look(call);
            areOdd |= presence == Presence.NOT_TOLD;
            return presence;
        }

        void addIfThere(Capability capability, HttpCall call) {
            if (to(call) == Presence.THERE) {
                found.add(capability);
            }
        }

        /** Each service that speaks this API knows both paths, so one of them proves access. */
        void prove(boolean knowsSettings, boolean knowsKeys) {
            if (!knowsSettings && !knowsKeys && ofSomebodyElse != null) {
                throw ofSomebodyElse;
            }
            if (!knowsSettings && !knowsKeys) {
                throw new ControlPlaneException.Unavailable(
                        HttpURLConnection.HTTP_NOT_FOUND,
                        "The control plane knows neither the settings nor the keys of a tailnet. It is starting, or a proxy answers in"
                                + " its place, or it has no Tailscale API. Check the URL",
                        null);
            }
            areOdd |= !knowsSettings || !knowsKeys;
        }

        /** Without the scope for them they are an empty object. */
        Settings settings() {
            try {
                var approval =
                        json(call(TailscaleOperations.GET_SETTINGS, "settings")).path("devicesApprovalOn");
                return new Settings(true, approval.isBoolean() && !approval.booleanValue());
            } catch (ControlPlaneException.Unavailable e) {
                if (isNotOfTheService(e)) {
                    return Settings.NOT_KNOWN;
                }
                throw e;
            }
        }

        /** @param isProved whether access is proved already: then a failure here is no reason to know nothing */
        boolean knowsKeys(boolean isProved) {
            try {
                json(call(TailscaleOperations.LIST_KEYS, "keys"));
                return true;
            } catch (ControlPlaneException.NotFound | ControlPlaneException.Unavailable e) {
                if (isProved || e instanceof ControlPlaneException.Unavailable answer && isNotOfTheService(answer)) {
                    return false;
                }
                throw e;
            }
        }

        private boolean isNotOfTheService(ControlPlaneException.Unavailable e) {
            if (isOfSomebodyElse(e)) {
                ofSomebodyElse = e;
                return true;
            }
            return isNoSuchPath(e);
        }
    }

    private enum Presence {
        THERE,
        /** The service knows the path and says that nothing is there. */
        NOTHING_THERE,
        NO_SUCH_PATH,
        /** Somebody else answered. */
        NOT_TOLD
    }

    /** Without the scope for it (403) a part of the API is there all the same; the scope is told when it is used. */
    private Presence look(HttpCall call) {
        try {
            json(call);
            return Presence.THERE;
        } catch (ControlPlaneException.NotFound e) {
            return Presence.NOTHING_THERE;
        } catch (ControlPlaneException.Unavailable e) {
            if (isNoSuchPath(e)) {
                return Presence.NO_SUCH_PATH;
            }
            if (isOfSomebodyElse(e)) {
                return Presence.NOT_TOLD;
            }
            throw e;
        }
    }

    /**
     * The service speaks JSON. What a gateway says of its own is a page, or a few words.
     *
     * @return a missing node where the service has nothing to say
     */
    private JsonNode json(HttpCall call) {
        var answer = session.send(call.accepting(REFUSALS));
        return !REFUSALS.contains(answer.status()) && answer.text().isBlank()
                ? MissingNode.getInstance()
                : session.read(answer, JsonNode.class);
    }

    /** A page or a few words where the service would have sent JSON, or a redirect. */
    private static boolean isOfSomebodyElse(ControlPlaneException.Unavailable e) {
        return e.status() >= HttpURLConnection.HTTP_OK && e.status() < HttpURLConnection.HTTP_BAD_REQUEST
                || REFUSALS.contains(e.status());
    }

    private static boolean isNoSuchPath(ControlPlaneException.Unavailable e) {
        return e.status() == 404 || e.status() == 405 || e.status() == 501;
    }

    private HttpCall call(Operation operation, String... elements) {
        return HttpCall.of(operation, tailnet.of(elements)).asTentative();
    }
}
