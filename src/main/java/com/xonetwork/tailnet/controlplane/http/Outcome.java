package com.xonetwork.tailnet.controlplane.http;

/** How one HTTP exchange ended. */
sealed interface Outcome {

    /** With an answer; with an error status its body may be cut. */
    record Answered(Answer answer) implements Outcome {}

    /**
     * Without a whole answer.
     *
     * @param status of the answer's head, 0 when none came
     * @param reason for users
     * @param mayPass whether another attempt could fare better
     */
    record Failed(int status, String reason, boolean mayPass, Throwable cause) implements Outcome {}

    /** The HTTP status, 0 when none came. */
    default int status() {
        return switch (this) {
            case Answered answered -> answered.answer().status();
            case Failed failed -> failed.status;
        };
    }
}
