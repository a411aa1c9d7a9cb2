package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.Status;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to say when the API server does not take a template or a run of a machine, and when to try again. */
@Pure
final class MachineRefusal {

    private static final Duration SOON = Duration.ofSeconds(15);
    /** It waits for a human, whose change of a quota or of an admission rule wakes nobody. */
    private static final Duration LATER = Duration.ofMinutes(2);

    private static final int UNPROCESSABLE = 422;
    /** Of RBAC: other refusals with the same code are those of quotas and of admission rules. */
    private static final Pattern NO_RIGHT = Pattern.compile("cannot \\w+ resource");

    private MachineRefusal() {}

    /**
     * @param code HTTP status; 0 when there was no answer
     * @param status what the server said; null for nothing
     */
    static MachineOutcome of(int code, @Nullable Status status) {
        var words = words(code, status == null ? null : status.getMessage());
        return switch (code) {
            case HttpURLConnection.HTTP_FORBIDDEN ->
                no(
                        Reason.FORBIDDEN,
                        NO_RIGHT.matcher(words).find()
                                ? "The operator's account may not write AutomationTemplates and AutomationRuns. Give it the"
                                        + " rights that its installation describes. " + words
                                : "The API server refuses an AutomationTemplate or AutomationRun of this machine. Change the"
                                        + " quota or the admission rule that it names. " + words,
                        LATER);
            case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
                no(
                        Reason.INVALID,
                        "The API server refuses an AutomationTemplate or AutomationRun of this machine as invalid. Change"
                                + " what it names in the TailnetNode, or the admission rule. " + words,
                        LATER);
            default ->
                no(
                        Reason.PENDING,
                        "The API server has not taken an AutomationTemplate or AutomationRun of this machine. It is tried"
                                + " again by itself. " + words,
                        SOON);
        };
    }

    private static String words(int code, @Nullable String said) {
        var answered = "The API server answered " + (code == 0 ? "nothing" : "HTTP " + code);
        if (said == null || said.isBlank()) {
            return answered + ".";
        }
        return answered + ": " + ServerWords.fit(said);
    }

    private static MachineOutcome no(Reason reason, String message, Duration again) {
        return new MachineOutcome(Fact.no(ConditionType.MACHINE_IN_SYNC, reason, message), Optional.of(again));
    }
}
