package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.pure.Pure;
import io.fabric8.kubernetes.api.model.Status;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the API server said when it refused an object, fit for a condition. */
@Pure
public final class ServerWords {

    private static final int LONGEST = 400;
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\s]+");
    /** Quotas name themselves and amounts, and nothing of the object. */
    private static final Pattern QUOTA = Pattern.compile(
            "exceeded quota: [a-z0-9.-]{1,253}, requested: [\\w./=,-]{1,200}, used: [\\w./=,-]{1,200}, limited: [\\w./=,-]{1,200}");

    private ServerWords() {}

    /**
     * Whether the server has answered that it does not take the object: what it did not answer in time may have been done. An
     * admission webhook that fails is a 500.
     */
    public static boolean isRefusal(int code) {
        return code >= 400 && code <= 500;
    }

    /** The server's words. Not for objects that hold secrets: admission rules may quote what they refuse. */
    public static String of(int code, @Nullable Status status) {
        var words = status == null || status.getMessage() == null ? "" : status.getMessage();
        var cut = fit(words);
        return "the API server answered " + (code == 0 ? "nothing" : "HTTP " + code)
                + (cut.isEmpty() ? "" : ": " + cut);
    }

    /** On one line, without characters that hide others, and not too long. */
    public static String fit(String words) {
        return Abridged.text(UNFIT.matcher(words).replaceAll(" ").strip(), LONGEST);
    }

    /** The same of an object that holds secrets: no word that could come from it. */
    public static String withoutContent(int code, @Nullable Status status) {
        var words = status == null || status.getMessage() == null ? "" : status.getMessage();
        var quota = QUOTA.matcher(words);
        return "the API server answered " + (code == 0 ? "nothing" : "HTTP " + code)
                + Optional.of(quota)
                        .filter(found -> found.find())
                        .map(found -> ": " + found.group())
                        .orElse(": a quota, an admission rule, or the operator's rights");
    }
}
