package com.xonetwork.tailnet.webhook;

import java.util.Locale;

/** What became of a request to the receiver, and the HTTP status that says so. Answers have no body. */
public enum WebhookOutcome {
    ACCEPTED(204),
    /** Came before: nothing is left to do for it. */
    DUPLICATE(204),
    /** No signature header or one of another form; or a genuine body that is no list of events. */
    MALFORMED(400),
    /** Signed with none of the secrets; also everything for a tailnet that has none, or does not exist. */
    FORGED(403),
    NO_SUCH_PATH(404),
    NOT_A_POST(405),
    /** The body took too long to come. */
    TOO_SLOW(408),
    /** Genuine, but its time is over or still to come. Said only to who knows the secret. */
    STALE(410),
    TOO_LARGE(413),
    /** Ours is the fault. */
    FAILED(500),
    /** More requests at once than are read. */
    BUSY(503);

    private final int status;

    WebhookOutcome(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** As metrics show it: {@code too_large}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
