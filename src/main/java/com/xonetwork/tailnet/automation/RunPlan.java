package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Approval;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunOutcome.Done;
import com.xonetwork.tailnet.automation.RunOutcome.Impossible;
import com.xonetwork.tailnet.automation.RunOutcome.Lost;
import com.xonetwork.tailnet.automation.RunOutcome.Queued;
import com.xonetwork.tailnet.automation.RunOutcome.Refused;
import com.xonetwork.tailnet.automation.RunOutcome.Result;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands, and what is to be done about it.
 *
 * @param reason of the condition Succeeded
 * @param message of the condition Succeeded
 * @param inputs what it does or would do; null where that cannot be told any more, and the status keeps what it says
 * @param approval null where none is needed
 * @param results null before anything ran
 * @param action what is to be done now
 * @param lookAgain when something changes by itself
 */
record RunPlan(
        RunPhase phase,
        Reason reason,
        String message,
        @Nullable RunInputs inputs,
        @Nullable Approval approval,
        @Nullable RunResults results,
        Action action,
        Optional<Duration> lookAgain) {

    private static final Duration UNTIL_RECORDED = Duration.ofSeconds(1);

    /** What is to be done. */
    sealed interface Action {}

    /** Nothing. */
    record None() implements Action {}

    /** Make the attempt's Secret, NetworkPolicy and Job, once its machines are free. */
    record Start(int attempt, AttemptOrder order, RunInputs inputs) implements Action {}

    /**
     * Have the Job end its pod.
     *
     * @param cause for the record; null when the run was cancelled
     */
    record Stop(String jobName, @Nullable String cause) implements Action {}

    static final None NONE = new None();

    RunPlan(RunPhase phase, Reason reason, String message, @Nullable RunResults results, Action action) {
        this(phase, reason, message, null, null, results, action, Optional.empty());
    }

    RunPlan with(RunInputs settled, @Nullable Approval standing) {
        return new RunPlan(phase, reason, message, settled, standing, results, action, lookAgain);
    }

    RunPlan lookingAgain(Duration wait) {
        return new RunPlan(phase, reason, message, inputs, approval, results, action, Optional.of(wait));
    }

    /** When to look again: the Jobs of a run that has ended are let go once that is recorded, and our own write wakes nobody. */
    Optional<Duration> next() {
        return phase.isTerminal() ? Optional.of(UNTIL_RECORDED) : lookAgain;
    }

    /** Where the run stands after that came of the action. */
    RunPlan after(Result result) {
        return switch (result) {
            case Done _ -> this;
            case Queued queued -> instead(RunPhase.QUEUED, Reason.QUEUED, queued.why(), Optional.empty());
            case Refused refused ->
                instead(RunPhase.PENDING, refused.reason(), refused.why(), Optional.of(refused.delay()));
            case Impossible impossible ->
                instead(RunPhase.FAILED, impossible.reason(), impossible.why(), Optional.empty());
            case Lost lost -> instead(RunPhase.FAILED, Reason.JOB_LOST, lost.why(), Optional.empty());
        };
    }

    private RunPlan instead(RunPhase other, Reason why, String words, Optional<Duration> wait) {
        return new RunPlan(other, why, words, inputs, approval, results, NONE, wait);
    }

    /** Whether the run has machines, or waits for some. */
    boolean wantsMachines() {
        return phase == RunPhase.RUNNING || phase == RunPhase.CANCELLING || phase == RunPhase.QUEUED;
    }
}
