package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RetryScope;
import com.xonetwork.tailnet.automation.AttemptState.JobState;
import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.runner.RunProgress;
import com.xonetwork.tailnet.runner.RunSummary;
import com.xonetwork.tailnet.runner.RunSummary.Ending;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunVerdictTest {

    private static Host host(int number, String state) {
        return new Host(
                "web-" + number,
                HostState.valueOf(state.toUpperCase(java.util.Locale.ROOT)),
                1,
                0,
                0,
                0,
                "task",
                "why");
    }

    private static List<Host> hosts(String states) {
        var all = states.split(" ");
        return IntStream.range(0, all.length).mapToObj(i -> host(i + 1, all[i])).toList();
    }

    private static RunSummary summary(Ending ending, String states, int more) {
        var hosts = hosts(states);
        return new RunSummary(1, ending, null, null, 9, 0, RunResults.totals(hosts), hosts, more);
    }

    private static AttemptState attempt(
            Optional<RunSummary> termination, Map<String, Host> heard, PodEnd pod, boolean pastDeadline, int hosts) {
        var end =
                termination.isEmpty() ? pod : new PodEnd("pod", "node", null, null, "Completed", 0, termination, true);
        return new AttemptState(
                1,
                "job",
                JobState.ENDED,
                pastDeadline,
                false,
                end,
                null,
                null,
                new RunProgress(heard.size(), heard.size(), heard, List.of(), Optional.empty()),
                Optional.of(new AttemptOrder(
                        IntStream.rangeClosed(1, hosts)
                                .mapToObj(i -> "web-" + i)
                                .toList(),
                        List.of())),
                null,
                null,
                null,
                null);
    }

    @ParameterizedTest
    @CsvSource({
        "ok ok, SUCCEEDED, SUCCEEDED, false",
        "ok changed, SUCCEEDED, SUCCEEDED, false",
        "ok failed, PARTIALLY_FAILED, HOSTS_FAILED, true",
        "changed unreachable, PARTIALLY_FAILED, HOSTS_UNREACHABLE, true",
        "failed failed, FAILED, HOSTS_FAILED, true",
        "failed unreachable, FAILED, HOSTS_FAILED, true",
        "unreachable unreachable, UNREACHABLE, HOSTS_UNREACHABLE, true",
        "ok skipped, SUCCEEDED, SUCCEEDED, false",
        "skipped skipped, SUCCEEDED, SUCCEEDED, false",
        "failed skipped, FAILED, HOSTS_FAILED, true",
        "unreachable skipped, UNREACHABLE, HOSTS_UNREACHABLE, true",
        "ok running, PARTIALLY_FAILED, HOSTS_FAILED, true",
        "ok pending, PARTIALLY_FAILED, HOSTS_FAILED, true",
        "failed pending, FAILED, HOSTS_FAILED, true",
    })
    void whatTheRunnerSays(String states, String phase, String reason, boolean retry) {
        var attempt = attempt(Optional.of(summary(Ending.FINISHED, states, 0)), Map.of(), null, false, 2);
        var verdict = RunVerdict.of(attempt, RunResults.of(attempt), false, Optional.empty());
        assertThat(verdict.phase()).hasToString(phase);
        assertThat(verdict.reason().name()).isEqualTo(reason);
        assertThat(verdict.isWorthARetry()).isEqualTo(retry);
    }

    @ParameterizedTest
    @CsvSource({
        // reason of the pod, exit code, past the deadline -> phase, reason, part of the message
        "OOMKilled, 137, false, FAILED, RUNNER_FAILED, OOMKilled",
        "Evicted, 0, false, FAILED, RUNNER_FAILED, Evicted",
        "Completed, 0, false, FAILED, RUNNER_FAILED, ended without a result",
        "Error, 137, true, TIMED_OUT, TIMED_OUT, deadline",
        ", 0, false, FAILED, JOB_LOST, removed",
    })
    void whatKubernetesSays(
            String podReason, int exitCode, boolean pastDeadline, String phase, String reason, String message) {
        var pod = podReason == null
                ? null
                : new PodEnd("pod", "node", null, null, podReason, exitCode, Optional.empty(), true);
        var attempt = attempt(Optional.empty(), Map.of("web-1", host(1, "ok")), pod, pastDeadline, 2);
        var results = RunResults.of(attempt);
        var verdict = RunVerdict.of(attempt, results, false, Optional.empty());
        assertThat(verdict.phase()).hasToString(phase);
        assertThat(verdict.reason().name()).isEqualTo(reason);
        assertThat(verdict.message()).contains(message, "0 of 2 ok", "2 not run to the end");
        assertThat(results.totals())
                .as("a step went well: was it the last?")
                .isEqualTo(new HostTotals(2, 0, 0, 0, 0, 0, 2));
        assertThat(results.toRetry(RetryScope.FAILED_HOSTS)).containsExactly("web-1", "web-2");
    }

    /** A task of Fabric is all there is: what was heard of a machine is its result. */
    @Test
    void whatOneTaskDidIsNotDoneAgain() {
        var attempt = new AttemptState(
                1,
                "job",
                JobState.ENDED,
                false,
                false,
                new PodEnd("pod", "node", null, null, "OOMKilled", 137, Optional.empty(), true),
                null,
                null,
                new RunProgress(1, 1, Map.of("web-1", host(1, "ok")), List.of(), Optional.empty()),
                Optional.of(new AttemptOrder(List.of("web-1", "web-2"), List.of(), List.of(), true)),
                null,
                null,
                null,
                null);
        assertThat(RunResults.of(attempt).toRetry(RetryScope.FAILED_HOSTS)).containsExactly("web-2");
    }

    @ParameterizedTest
    @CsvSource({
        "skipped skipped, FAILED, NO_HOSTS_MATCHED, no hosts matched hosts: web",
        "ok skipped, SUCCEEDED, SUCCEEDED, no hosts matched hosts: web",
    })
    void thatAPlayIsForNoMachineIsSaid(String states, String phase, String reason, String message) {
        var hosts = hosts(states);
        var told = new RunSummary(
                1,
                Ending.FINISHED,
                "NoHostsMatched",
                "no hosts matched hosts: web",
                9,
                0,
                RunResults.totals(hosts),
                hosts,
                0);
        var attempt = attempt(Optional.of(told), Map.of(), null, false, 2);
        var verdict = RunVerdict.of(attempt, RunResults.of(attempt), false, Optional.empty());
        assertThat(verdict.phase()).hasToString(phase);
        assertThat(verdict.reason().name()).isEqualTo(reason);
        assertThat(verdict.message()).contains(message);
        assertThat(verdict.isWorthARetry()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"RunTimeout, spec.timeouts.run", "IdleTimeout, spec.timeouts.idle"})
    void aLimitIsNamedByItsField(String reason, String field) {
        var hosts = hosts("running pending");
        var told = new RunSummary(1, Ending.TIMED_OUT, reason, null, 9, 0, RunResults.totals(hosts), hosts, 0);
        var attempt = attempt(Optional.of(told), Map.of(), null, false, 2);
        assertThat(RunVerdict.of(attempt, RunResults.of(attempt), false, Optional.empty())
                        .message())
                .contains(reason, field, "2 not run to the end");
    }

    @Test
    void aRunThatCameToItsEndBeforeItsCancelIsNotCancelled() {
        var finished = attempt(Optional.of(summary(Ending.FINISHED, "ok ok", 0)), Map.of(), null, false, 2);
        assertThat(RunVerdict.of(finished, RunResults.of(finished), true, Optional.empty())
                        .phase())
                .hasToString("SUCCEEDED");
        var cut = attempt(Optional.of(summary(Ending.CANCELLED, "ok running", 0)), Map.of(), null, false, 2);
        assertThat(RunVerdict.of(cut, RunResults.of(cut), true, Optional.empty())
                        .phase())
                .hasToString("CANCELLED");
        assertThat(RunVerdict.of(cut, RunResults.of(cut), false, Optional.empty())
                        .message())
                .contains("not by a cancel");
    }

    @Test
    void aTerminationMessageWithoutAllHostsIsFilledFromEvents() {
        var heard = new HashMap<String, Host>();
        hosts("unreachable failed ok ok").forEach(host -> heard.put(host.name(), host));
        var cut = new RunSummary(
                1,
                Ending.FINISHED,
                null,
                null,
                9,
                0,
                new HostTotals(4, 2, 0, 1, 1, 0, 0),
                List.of(host(1, "unreachable")),
                3);
        var known = RunResults.of(attempt(Optional.of(cut), heard, null, false, 4));
        assertThat(known.isComplete()).isTrue();
        assertThat(known.totals()).isEqualTo(new HostTotals(4, 2, 0, 1, 1, 0, 0));

        var unknown = RunResults.of(attempt(Optional.of(cut), Map.of(), null, false, 4));
        assertThat(unknown.isComplete()).isFalse();
        assertThat(unknown.more()).isEqualTo(3);
        assertThat(unknown.totals()).as("the runner counted them all").isEqualTo(new HostTotals(4, 2, 0, 1, 1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "ALL, web-1 web-2 web-3 web-4 web-5 web-6",
        "FAILED_HOSTS, web-2 web-3 web-6",
        "UNREACHABLE_HOSTS, web-3",
    })
    void whatIsTriedAgain(RetryScope scope, String names) {
        var attempt = attempt(
                Optional.of(summary(Ending.FINISHED, "ok failed unreachable changed skipped pending", 0)),
                Map.of(),
                null,
                false,
                6);
        var results = RunResults.of(attempt);
        assertThat(results.toRetry(scope)).isEqualTo(Arrays.asList(names.split(" ")));
        assertThat(results.without(results.toRetry(scope))).hasSize(6 - names.split(" ").length);
    }

    private static AttemptState unbegun(PodEnd pod, boolean pastDeadline, String obstacle, String stopCause) {
        return new AttemptState(
                1,
                "job",
                JobState.ENDED,
                pastDeadline,
                true,
                pod,
                null,
                null,
                RunProgress.NONE,
                Optional.of(new AttemptOrder(List.of("web-1"), List.of())),
                obstacle,
                null,
                stopCause,
                null);
    }

    /** The first cause is told, and not what came of it. */
    @Test
    void whatNeverBeganIsNotBlamedOnTheRunner() {
        var waiting = new PodEnd("pod", null, null, "ImagePullBackOff", null, null, Optional.empty(), false);
        for (var attempt : List.of(
                unbegun(waiting, true, "ImagePullBackOff: no such image", null),
                unbegun(null, true, null, null),
                unbegun(null, false, null, "No container of attempt 1 began within 600s: ImagePullBackOff"))) {
            var verdict = RunVerdict.of(attempt, RunResults.of(attempt), false, Optional.empty());
            assertThat(verdict.phase()).hasToString("FAILED");
            assertThat(verdict.reason().name()).isEqualTo("NOT_STARTED");
            assertThat(verdict.message()).doesNotContain("did not stop by itself");
        }
        var cancelled = unbegun(null, false, null, null);
        assertThat(RunVerdict.of(cancelled, RunResults.of(cancelled), true, Optional.empty())
                        .phase())
                .hasToString("CANCELLED");
    }
}
