package com.xonetwork.tailnet.automation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the API server said when it refused an object, fit for a condition. Pure. */
final class ServerWords {

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
    static boolean isRefusal(KubernetesClientException e) {
        return e.getCode() >= 400 && e.getCode() <= 500;
    }

    /** The server's words. Not for objects that hold secrets: admission rules may quote what they refuse. */
    static String of(KubernetesClientException e) {
        var status = e.getStatus();
        var words = status == null || status.getMessage() == null ? "" : status.getMessage();
        var cut = fit(words);
        return "the API server answered " + (e.getCode() == 0 ? "nothing" : "HTTP " + e.getCode())
                + (cut.isEmpty() ? "" : ": " + cut);
    }

    /** On one line, without characters that hide others, and not too long. */
    static String fit(String words) {
        var fit = UNFIT.matcher(words).replaceAll(" ").strip();
        return fit.length() <= LONGEST ? fit : fit.substring(0, LONGEST - 1) + "…";
    }

    /** The same of an object that holds secrets: no word that could come from it. */
    static String withoutContent(KubernetesClientException e) {
        var status = e.getStatus();
        var words = status == null || status.getMessage() == null ? "" : status.getMessage();
        var quota = QUOTA.matcher(words);
        return "the API server answered " + (e.getCode() == 0 ? "nothing" : "HTTP " + e.getCode())
                + Optional.of(quota)
                        .filter(found -> found.find())
                        .map(found -> ": " + found.group())
                        .orElse(": a quota, an admission rule, or the operator's rights");
    }
}
