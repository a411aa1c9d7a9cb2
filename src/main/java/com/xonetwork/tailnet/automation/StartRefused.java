package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.status.Reason;

/** An attempt cannot be started as things are. Nothing of it runs. Its message is for a user, and holds no secret. */
final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    StartRefused(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Somebody else has made an object of the name that an attempt's has. */
    static StartRefused inTheWay(String kind, String name) {
        return new StartRefused(
                Reason.START_REFUSED,
                kind + " " + name
                        + " was not made by the operator for this run. Delete it, and the run starts by itself");
    }

    Reason reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
