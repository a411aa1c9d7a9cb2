package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Where a run stands. Terminal phases never change again. */
public enum RunPhase {
    /** Something that it needs is missing. */
    @JsonProperty("Pending")
    PENDING(false),
    @JsonProperty("AwaitingApproval")
    AWAITING_APPROVAL(false),
    /** It waits for another run, or for its next attempt. */
    @JsonProperty("Queued")
    QUEUED(false),
    @JsonProperty("Running")
    RUNNING(false),
    @JsonProperty("Cancelling")
    CANCELLING(false),
    /** Every machine is as wanted. */
    @JsonProperty("Succeeded")
    SUCCEEDED(true),
    /** Some machines are as wanted, and some are not. */
    @JsonProperty("PartiallyFailed")
    PARTIALLY_FAILED(true),
    /** A task failed, or the runner did, and no machine is known to be as wanted. */
    @JsonProperty("Failed")
    FAILED(true),
    /** No machine was reached. */
    @JsonProperty("Unreachable")
    UNREACHABLE(true),
    @JsonProperty("TimedOut")
    TIMED_OUT(true),
    @JsonProperty("Cancelled")
    CANCELLED(true);

    private final boolean terminal;

    RunPhase(boolean terminal) {
        this.terminal = terminal;
    }

    public boolean isTerminal() {
        return terminal;
    }

    /** Where a run with this status stands: one that nothing was said of yet waits to be looked at. */
    public static RunPhase of(@Nullable AutomationRunStatus status) {
        return status == null || status.phase() == null ? PENDING : status.phase();
    }

    /** As it is written in a status: {@code PartiallyFailed}. */
    public String word() {
        return ConstantWords.camelCase(this);
    }
}
