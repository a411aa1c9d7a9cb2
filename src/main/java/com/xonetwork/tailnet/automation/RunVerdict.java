package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.runner.RunSummary;
import com.xonetwork.tailnet.runner.RunSummary.Ending;
import com.xonetwork.tailnet.status.Reason;
import java.util.Optional;

/**
 * How an attempt ended, in one phase. The runner's own words come first; where there are none, Kubernetes' (the pod's reason and
 * exit code); that a Job succeeded says nothing.
 *
 * @param isWorthARetry another attempt could end otherwise
 */
record RunVerdict(RunPhase phase, Reason reason, String message, boolean isWorthARetry) {

    /** A runner's reason: no play was for any machine of the run. */
    private static final String NO_HOSTS_MATCHED = "NoHostsMatched";

    static RunVerdict of(AttemptState attempt, RunResults results, boolean cancelled, Optional<String> replacedBy) {
        var summary = attempt.summary();
        if (cancelled
                && summary.map(RunSummary::ending)
                        .filter(Ending.FINISHED::equals)
                        .isEmpty()) {
            return new RunVerdict(
                    RunPhase.CANCELLED,
                    Reason.CANCELLED,
                    replacedBy.map(name -> "replaced by " + name).orElse("cancelled") + ": " + counted(results),
                    false);
        }
        var stopped = attempt.stopCause();
        if (stopped != null && summary.isEmpty()) {
            return new RunVerdict(RunPhase.FAILED, Reason.NOT_STARTED, stopped + ": " + counted(results), true);
        }
        return summary.map(told -> told(attempt, told, results)).orElseGet(() -> silent(attempt, results));
    }

    private static RunVerdict told(AttemptState attempt, RunSummary summary, RunResults results) {
        var why = summary.message() == null ? field(summary) : summary.message() + ": ";
        return switch (summary.ending()) {
            case FINISHED -> finished(attempt, summary, results);
            case TIMED_OUT ->
                new RunVerdict(
                        RunPhase.TIMED_OUT,
                        Reason.TIMED_OUT,
                        (summary.reason() == null ? "took too long" : summary.reason()) + ": " + why + counted(results),
                        true);
            case CANCELLED ->
                new RunVerdict(
                        RunPhase.FAILED,
                        Reason.RUNNER_FAILED,
                        "the runner's pod was told to stop, and not by a cancel of this run: " + counted(results),
                        true);
            case ERROR ->
                new RunVerdict(
                        RunPhase.FAILED,
                        Reason.RUNNER_FAILED,
                        (summary.reason() == null ? "the runner failed" : summary.reason()) + ": " + why
                                + counted(results),
                        !"InvalidInput".equals(summary.reason()));
        };
    }

    /** Of a runner that says no more than which limit it was: the field of the template that has it. */
    private static String field(RunSummary summary) {
        return switch (String.valueOf(summary.reason())) {
            case "RunTimeout" -> "spec.timeouts.run of the template is over: ";
            case "IdleTimeout" -> "no event came for as long as spec.timeouts.idle of the template: ";
            default -> "";
        };
    }

    private static RunVerdict finished(AttemptState attempt, RunSummary summary, RunResults results) {
        var totals = results.totals();
        // Of an attempt on some of the run's machines it is no news that others are not there.
        var isFirst = attempt.attempt() == 1;
        var unmatched = isFirst && NO_HOSTS_MATCHED.equals(summary.reason());
        var note = isFirst && summary.message() != null ? ". Note: " + summary.message() : "";
        if (unmatched && totals.total() > 0 && totals.skipped() == totals.total()) {
            return new RunVerdict(
                    RunPhase.FAILED,
                    Reason.NO_HOSTS_MATCHED,
                    "nothing was run: " + (summary.message() == null ? "no hosts matched" : summary.message()),
                    false);
        }
        if (results.isAllWell()) {
            return new RunVerdict(RunPhase.SUCCEEDED, Reason.SUCCEEDED, counted(results) + note, false);
        }
        if (totals.ok() > 0) {
            return new RunVerdict(RunPhase.PARTIALLY_FAILED, reason(results), counted(results) + note, true);
        }
        return totals.failed() == 0 && totals.unreachable() > 0
                ? new RunVerdict(RunPhase.UNREACHABLE, Reason.HOSTS_UNREACHABLE, counted(results) + note, true)
                : new RunVerdict(RunPhase.FAILED, reason(results), counted(results) + note, true);
    }

    private static Reason reason(RunResults results) {
        return results.totals().failed() == 0 && results.totals().unreachable() > 0
                ? Reason.HOSTS_UNREACHABLE
                : Reason.HOSTS_FAILED;
    }

    /** The runner could not say how it ended. */
    private static RunVerdict silent(AttemptState attempt, RunResults results) {
        var pod = attempt.pod();
        if (attempt.pastDeadline() && !attempt.hasBegun()) {
            return new RunVerdict(
                    RunPhase.FAILED,
                    Reason.NOT_STARTED,
                    "The Job was past its deadline, and nothing shows that its runner began"
                            + (attempt.obstacle() == null ? "" : ": " + attempt.obstacle()) + ": " + counted(results),
                    true);
        }
        if (attempt.pastDeadline()) {
            return new RunVerdict(
                    RunPhase.TIMED_OUT,
                    Reason.TIMED_OUT,
                    "the Job was past its deadline (spec.timeouts.run of the template) and its runner did not stop by"
                            + " itself: " + counted(results),
                    true);
        }
        if (pod != null && pod.reason() != null) {
            return new RunVerdict(
                    RunPhase.FAILED,
                    Reason.RUNNER_FAILED,
                    "the runner's pod " + pod.name() + " ended without a result: " + pod.reason()
                            + (pod.exitCode() == null ? "" : ", exit code " + pod.exitCode())
                            + (pod.node() == null ? "" : ", on node " + pod.node()) + ": " + counted(results),
                    true);
        }
        return new RunVerdict(
                RunPhase.FAILED,
                Reason.JOB_LOST,
                "Job " + attempt.jobName() + " or its pod was removed before it could say how it ended: "
                        + counted(results),
                false);
    }

    private static String counted(RunResults results) {
        var totals = results.totals();
        return totals.ok() + " of " + totals.total() + " ok, " + totals.changed() + " changed, " + totals.failed()
                + " failed, " + totals.unreachable() + " unreachable"
                + (totals.skipped() == 0 ? "" : ", nothing to do on " + totals.skipped())
                + (totals.unfinished() == 0 ? "" : ", " + totals.unfinished() + " not run to the end");
    }
}
