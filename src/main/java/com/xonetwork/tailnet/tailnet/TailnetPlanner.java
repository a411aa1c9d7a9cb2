package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.CLOCK_IN_SYNC;
import static com.xonetwork.tailnet.status.ConditionType.CREDENTIALS_VALID;
import static com.xonetwork.tailnet.status.ConditionType.DEVICES_LISTED;
import static com.xonetwork.tailnet.status.ConditionType.REACHABLE;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.policy.PolicyPlanner;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.ClockReading;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides about a Tailnet, part by part, and says how the connection to its tailnet stands. */
@Pure
final class TailnetPlanner {

    private TailnetPlanner() {}

    static TailnetPlan plan(TailnetInput input) {
        var connection = new ArrayList<>(connection(input.view()));
        connection.add(input.webhook());
        return new TailnetPlan(
                connection,
                PolicyPlanner.plan(input.policy()),
                ImportPlanner.plan(input.imports()),
                GarbagePlanner.plan(input.garbage()));
    }

    /** There is no connection, and why: the condition that is concerned fails, of the others nothing is known. */
    static List<Fact> unresolved(Unresolved why) {
        var reason = why.reason();
        var message = String.valueOf(why.getMessage());
        @Nullable
        ConditionType concerned = switch (reason) {
            // No call was tried, so nothing is known of the credentials.
            case SUSPENDED, DUPLICATE_TAILNET, PENDING -> null;
            case URL_REFUSED -> REACHABLE;
            default -> CREDENTIALS_VALID;
        };
        return ConditionType.factsOf(Tailnet.class).stream()
                .map(type -> type == concerned ? no(type, reason, message) : unknown(type, reason, message))
                .toList();
    }

    /** Whether a Secret that nobody watches keeps something from working: only another look can tell when it is mended. */
    static boolean isSecretWrong(List<Fact> facts) {
        return facts.stream()
                .anyMatch(fact -> fact.type() == ConditionType.WEBHOOK_READY && !fact.isTrue()
                        || fact.type() == CREDENTIALS_VALID && fact.reason().outcome() == Reason.Outcome.STALLED);
    }

    /** {@code CredentialsValid}, {@code Reachable}, {@code DevicesListed} and {@code ClockInSync}. */
    static List<Fact> connection(TailnetView view) {
        return List.of(credentials(view), reachable(view), listed(view), clock(view));
    }

    private static Fact clock(TailnetView view) {
        var clock = view.clock();
        if (clock == null && view.devices() == null && view.trouble() == null) {
            return unknown(CLOCK_IN_SYNC, Reason.NOT_LISTED_YET, "the control plane has not been called yet");
        }
        if (clock == null) {
            return unknown(
                    CLOCK_IN_SYNC,
                    Reason.CLOCK_NOT_COMPARED,
                    "the control plane's answers have no Date header, so the operator cannot compare the clocks");
        }
        if (clock.inSync()) {
            return yes(CLOCK_IN_SYNC, Reason.IN_SYNC, "the operator's clock and the control plane's agree");
        }
        var isTooFar = clock.ahead().abs().compareTo(ClockReading.TOO_FAR) > 0;
        return no(
                CLOCK_IN_SYNC,
                isTooFar ? Reason.CLOCK_TOO_FAR_OFF : Reason.CLOCK_SKEW,
                "the operator's clock is " + clock.words() + " the control plane's. "
                        + (isTooFar
                                ? "No join key is made, and no device is collected. "
                                : "Times of join keys are corrected by that, and no device is collected. ")
                        + "Compare `date -u` on the operator's node and on the control plane, and set the one that is wrong"
                        + " (chrony or systemd-timesyncd)");
    }

    private static Fact credentials(TailnetView view) {
        var trouble = view.trouble();
        if (trouble instanceof ControlPlaneException.Unauthorized
                || trouble instanceof ControlPlaneException.Forbidden) {
            return no(CREDENTIALS_VALID, Failures.reason(trouble), Failures.message(trouble));
        }
        if (trouble instanceof ControlPlaneException.TooLarge) {
            return yes(CREDENTIALS_VALID, Reason.VALID, "the control plane accepts the credentials");
        }
        if (trouble != null) {
            return unknown(CREDENTIALS_VALID, reason(trouble), message(trouble));
        }
        return view.devices() == null && view.suspectSize() == null
                ? unknown(CREDENTIALS_VALID, Reason.NOT_LISTED_YET, "the control plane has not been called yet")
                : yes(CREDENTIALS_VALID, Reason.VALID, "the control plane accepts the credentials");
    }

    private static Fact reachable(TailnetView view) {
        return Optional.ofNullable(view.trouble())
                .map(trouble -> switch (trouble) {
                    case ControlPlaneException.Unauthorized e -> answered();
                    case ControlPlaneException.Forbidden e -> answered();
                    case ControlPlaneException.TooLarge e -> answered();
                    default -> no(REACHABLE, reason(trouble), message(trouble));
                })
                .orElseGet(() -> view.devices() == null && view.suspectSize() == null
                        ? unknown(REACHABLE, Reason.NOT_LISTED_YET, "the control plane has not been called yet")
                        : answered());
    }

    /** These calls address the tailnet as a whole, so NotFound means the tailnet and never a device. */
    private static Reason reason(ControlPlaneException trouble) {
        return switch (trouble) {
            case ControlPlaneException.Rejected e -> Reason.URL_REFUSED;
            case ControlPlaneException.NotFound e -> Reason.TAILNET_NOT_FOUND;
            default -> Failures.reason(trouble);
        };
    }

    private static String message(ControlPlaneException trouble) {
        return trouble instanceof ControlPlaneException.NotFound
                ? Failures.message(trouble) + ". Check the URL and the tailnet's name"
                : Failures.message(trouble);
    }

    private static Fact answered() {
        return yes(REACHABLE, Reason.REACHABLE, "the control plane answers");
    }

    private static Fact listed(TailnetView view) {
        if (view.trouble() instanceof ControlPlaneException.TooLarge refused) {
            return no(DEVICES_LISTED, Failures.reason(refused), Failures.message(refused));
        }
        if (view.suspectSize() != null) {
            return unknown(
                    DEVICES_LISTED,
                    Reason.SUSPECT_DEVICE_LIST,
                    "the newest list has " + view.suspectSize() + " devices, and the list in use has "
                            + Optional.ofNullable(view.devices())
                                    .map(DeviceList::size)
                                    .orElse(0)
                            + ". The operator takes the newest only when several in a row show such a loss"
                            + " (tailnet-operator.snapshot.suspect-polls). If you removed the devices, wait");
        }
        return switch (view.freshness()) {
            case PENDING, NEVER ->
                unknown(DEVICES_LISTED, Reason.NOT_LISTED_YET, "the devices have not been listed yet" + trouble(view));
            case STALE ->
                unknown(
                        DEVICES_LISTED,
                        Reason.SNAPSHOT_STALE,
                        "the device list is from "
                                + Objects.requireNonNull(view.devices()).takenAt()
                                + ", which is too old, so the operator decides nothing on it"
                                + (view.trouble() == null ? ". See CredentialsValid and Reachable" : trouble(view)));
            case FRESH -> yes(DEVICES_LISTED, Reason.READY, "the device list is current");
        };
    }

    private static String trouble(TailnetView view) {
        return view.trouble() == null ? "" : ": " + Failures.message(view.trouble());
    }
}
