package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Approval;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.RunApproval.Decision;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.automation.RunInputs.Refusal;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a run stands and what is to be done next. A run that ended never changes again; one that was started is
 * judged by what is seen of its attempt, whatever has become of its template; one that was not is settled anew each time.
 */
@Pure
final class RunPlanner {

    static final String WAITING = "Waiting";
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String EXPIRED = "Expired";

    private static final int MOST_DOUBLINGS = 10;
    /** What keeps the Job controller from making a pod is told in Events, which wake nobody. */
    private static final Duration UNTIL_BEGUN = Duration.ofSeconds(15);

    private RunPlanner() {}

    static RunPlan plan(RunInput input) {
        var attempt = input.attempt();
        return attempt.isPresent() ? started(input, attempt.get()) : notStarted(input);
    }

    private static RunPlan notStarted(RunInput input) {
        var spec = input.run().getSpec();
        if (spec.cancel()) {
            return ended(RunPhase.CANCELLED, Reason.CANCELLED, "cancelled before it began");
        }
        if (input.replacedBy().isPresent()) {
            return ended(
                    RunPhase.CANCELLED,
                    Reason.CANCELLED,
                    "replaced by " + input.replacedBy().get() + " before it began");
        }
        RunInputs inputs;
        try {
            inputs = settle(input, null);
        } catch (Refusal refusal) {
            return ended(refusal.isFinal() ? RunPhase.FAILED : RunPhase.PENDING, refusal.reason(), refusal.text());
        }
        var names = inputs.hosts().stream().map(RunHost::name).toList();
        var start = new RunPlan(
                RunPhase.RUNNING,
                Reason.RUNNING,
                "attempt 1 on " + machines(names.size()) + leftOut(inputs.absent()),
                null,
                new Start(
                        1,
                        new AttemptOrder(
                                names,
                                inputs.leftOut(),
                                inputs.absent(),
                                isOneTask(inputs.template().getSpec())),
                        inputs));
        return needsApproval(spec, inputs.template().getSpec())
                ? onceApproved(input, inputs, start)
                : start.with(inputs, null);
    }

    private static boolean needsApproval(AutomationRunSpec run, AutomationTemplateSpec template) {
        return run.requireApproval()
                || template.requireApproval() && (!run.checkMode() || template.checkModeRequiresApproval());
    }

    private static boolean isApproved(RunInput input, RunInputs inputs) {
        var decision = input.run().getSpec().approval();
        return decision != null
                && decision.decision() == Decision.APPROVE
                && decision.inputsHash().equals(inputs.hash());
    }

    /** @param only names of the machines that earlier attempts were for; null for the first one */
    private static RunInputs settle(RunInput input, @Nullable Set<String> only) throws Refusal {
        return RunInputs.settle(
                input.run(), input.template(), input.source(), input.nodes(), input.defaultImage(), only);
    }

    private static boolean isOneTask(AutomationTemplateSpec template) {
        return RunEngine.of(template.engine()).isOneTask();
    }

    private static String leftOut(List<String> absent) {
        return absent.isEmpty() ? "" : "; these machines have not joined and were left out: " + RunLimits.named(absent);
    }

    private static RunPlan onceApproved(RunInput input, RunInputs inputs, RunPlan start) {
        var decision = input.run().getSpec().approval();
        var expires = expiry(input, inputs);
        if (decision != null && decision.inputsHash().equals(inputs.hash())) {
            var by = decision.by() == null ? "" : " by " + decision.by();
            return decision.decision() == Decision.APPROVE
                    ? start.with(inputs, new Approval(APPROVED, inputs.hash(), decision.by(), null))
                    : ended(RunPhase.CANCELLED, Reason.APPROVAL_DENIED, "denied" + by)
                            .with(inputs, new Approval(DENIED, inputs.hash(), decision.by(), null));
        }
        if (!input.now().isBefore(expires)) {
            return ended(
                            RunPhase.CANCELLED,
                            Reason.APPROVAL_EXPIRED,
                            "nobody approved within "
                                    + inputs.template().getSpec().approvalTimeout())
                    .with(inputs, new Approval(EXPIRED, inputs.hash(), null, expires.toString()));
        }
        var message = decision == null
                ? "waits for approval: set spec.approval to {decision: Approve, inputsHash: " + inputs.hash() + "}"
                : "spec.approval is for inputsHash " + decision.inputsHash() + ", and this run has " + inputs.hash()
                        + ", so it does not count. The inputs have changed since, or it was made for another run."
                        + " spec.approval cannot change. Create another AutomationRun";
        return new RunPlan(RunPhase.AWAITING_APPROVAL, Reason.AWAITING_APPROVAL, message, null, RunPlan.NONE)
                .with(inputs, new Approval(WAITING, inputs.hash(), null, expires.toString()))
                .lookingAgain(Duration.between(input.now(), expires));
    }

    /** New inputs have their own time: what was told before counts only for the inputs it was told of. */
    private static Instant expiry(RunInput input, RunInputs inputs) {
        var status = input.run().getStatus();
        var told = status == null ? null : status.approval();
        return told != null && told.expiresAt() != null && told.inputsHash().equals(inputs.hash())
                ? Instant.parse(told.expiresAt())
                : input.now()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .plus(DurationText.parse(inputs.template().getSpec().approvalTimeout()));
    }

    private static RunPlan started(RunInput input, AttemptState attempt) {
        var results = RunResults.of(attempt);
        var replaced = input.replacedBy().isPresent();
        var cancelled = input.run().getSpec().cancel() || replaced;
        if (!attempt.hasEnded()) {
            return cancelled
                    ? new RunPlan(
                            RunPhase.CANCELLING,
                            Reason.CANCELLING,
                            "the runner was told to stop",
                            results,
                            attempt.isStopping() ? RunPlan.NONE : new Stop(attempt.jobName(), null))
                    : underWay(input, attempt, results);
        }
        var verdict = RunVerdict.of(attempt, results, cancelled, input.replacedBy());
        var retry = verdict.isWorthARetry() && !cancelled ? retry(input, attempt, results, verdict) : null;
        return retry != null
                ? retry
                : new RunPlan(verdict.phase(), verdict.reason(), verdict.message(), results, RunPlan.NONE);
    }

    private static RunPlan underWay(RunInput input, AttemptState attempt, RunResults results) {
        var stopped = attempt.stopCause();
        if (stopped != null) {
            return running(stopped + ". Its Job is being ended", results, RunPlan.NONE);
        }
        var startBy = attempt.startBy();
        if (attempt.hasBegun() || attempt.isStopping() || startBy == null) {
            return running(onMachines(attempt), results, RunPlan.NONE);
        }
        if (!input.now().isBefore(startBy)) {
            var cause = "No container of attempt " + attempt.attempt() + " began within "
                    + Duration.between(attempt.started(), startBy).toSeconds() + "s: " + obstacle(attempt);
            return running(cause + ". Its Job is being ended", results, new Stop(attempt.jobName(), cause));
        }
        var wait = Duration.between(input.now(), startBy);
        return running(onMachines(attempt) + waiting(attempt), results, RunPlan.NONE)
                .lookingAgain(wait.compareTo(UNTIL_BEGUN) < 0 ? wait : UNTIL_BEGUN);
    }

    private static RunPlan running(String message, RunResults results, RunPlan.Action action) {
        return new RunPlan(RunPhase.RUNNING, Reason.RUNNING, message, results, action);
    }

    private static String onMachines(AttemptState attempt) {
        return "attempt " + attempt.attempt() + " on "
                + machines(attempt.order().map(order -> order.hosts().size()).orElse(0))
                + leftOut(attempt.order().map(AttemptOrder::absent).orElse(List.of()));
    }

    private static String obstacle(AttemptState attempt) {
        var pod = attempt.pod();
        var told = attempt.obstacle();
        return told != null
                ? told
                : pod != null && pod.waiting() != null
                        ? pod.waiting()
                        : "Kubernetes does not say why: see kubectl describe job " + attempt.jobName();
    }

    private static String waiting(AttemptState attempt) {
        var pod = attempt.pod();
        return attempt.obstacle() == null && (pod == null || pod.waiting() == null)
                ? ""
                : "; " + (pod == null ? "" : "its pod " + pod.name() + " waits: ") + obstacle(attempt);
    }

    /** @return null when there is nothing to try again */
    private static @Nullable RunPlan retry(
            RunInput input, AttemptState attempt, RunResults results, RunVerdict verdict) {
        var absent = attempt.order().map(AttemptOrder::absent).orElse(List.of());
        var present = results.hosts().stream()
                .map(Host::name)
                .filter(name -> !absent.contains(name))
                .collect(Collectors.toSet());
        RunInputs inputs;
        try {
            inputs = settle(input, results.isComplete() ? present : null);
        } catch (Refusal refusal) {
            return notAgain(verdict, results, refusal.text());
        }
        var spec = inputs.template().getSpec();
        var names = results.toRetry(spec.retryScope()).stream()
                .filter(present::contains)
                .toList();
        if (attempt.attempt() > spec.retries() || names.isEmpty() || !results.isComplete()) {
            return null;
        }
        // The status may not have been written: what the attempt says of itself comes first.
        var ranWith = attempt.inputsHash() != null ? attempt.inputsHash() : recorded(input);
        if (ranWith == null) {
            return notAgain(
                    verdict, results, "it is no longer known what attempt " + attempt.attempt() + " was started with");
        }
        if (!ranWith.equals(inputs.hash())) {
            return notAgain(verdict, results, "its template, parameters or machines have changed since");
        }
        if (needsApproval(input.run().getSpec(), spec) && !isApproved(input, inputs)) {
            return notAgain(verdict, results, "its template requires approval, and nobody approved what it would do");
        }
        var backoff = DurationText.parse(spec.retryBackoff())
                .multipliedBy(1L << Math.min(attempt.attempt() - 1, MOST_DOUBLINGS));
        var due = (attempt.ended() == null ? input.now() : attempt.ended()).plus(backoff);
        var next = attempt.attempt() + 1;
        if (input.now().isBefore(due)) {
            return new RunPlan(
                            RunPhase.QUEUED,
                            Reason.RETRYING,
                            "attempt " + next + " on " + machines(names.size()) + " follows at "
                                    + due.truncatedTo(ChronoUnit.SECONDS) + ": " + verdict.message(),
                            results,
                            RunPlan.NONE)
                    .with(inputs, null)
                    .lookingAgain(Duration.between(input.now(), due).plusMillis(1));
        }
        return new RunPlan(
                        RunPhase.RUNNING,
                        Reason.RUNNING,
                        "attempt " + next + " on " + machines(names.size()),
                        results,
                        new Start(
                                next,
                                new AttemptOrder(names, results.without(names), absent, isOneTask(spec)),
                                inputs.pinnedTo(imageId(input, attempt))))
                .with(inputs, null);
    }

    private static @Nullable String imageId(RunInput input, AttemptState attempt) {
        var pod = attempt.pod();
        var status = input.run().getStatus();
        var told = status == null ? null : status.inputs();
        return pod != null && pod.imageId() != null ? pod.imageId() : told == null ? null : told.imageId();
    }

    private static @Nullable String recorded(RunInput input) {
        var status = input.run().getStatus();
        return status == null ? null : status.inputsHash();
    }

    private static RunPlan notAgain(RunVerdict verdict, RunResults results, String why) {
        return new RunPlan(
                verdict.phase(),
                verdict.reason(),
                verdict.message() + ". Not tried again: " + why,
                results,
                RunPlan.NONE);
    }

    private static RunPlan ended(RunPhase phase, Reason reason, String message) {
        return new RunPlan(phase, reason, message, null, RunPlan.NONE);
    }

    private static String machines(int count) {
        return count == 1 ? "1 machine" : count + " machines";
    }
}
