package com.xonetwork.tailnet.controlplane;

import java.time.Duration;

/** Told of every call, for metrics. Implementations must be quick and must not throw. */
public interface CallObserver {

    /**
     * One HTTP exchange ended.
     *
     * @param operation the operation's name from the API document, such as {@code listTailnetDevices}: a small fixed set
     * @param status HTTP status, 0 when no answer came
     */
    void called(String operation, int status, Duration took);

    /** A call had to wait for the budget. */
    void throttled(Duration waited);

    /** Observes nothing. */
    CallObserver NONE = new CallObserver() {
        @Override
        public void called(String operation, int status, Duration took) {}

        @Override
        public void throttled(Duration waited) {}
    };
}
