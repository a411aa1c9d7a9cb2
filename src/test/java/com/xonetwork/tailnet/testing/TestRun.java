package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Plays what becomes of an AutomationRun. */
public final class TestRun {

    private TestRun() {}

    /** Its first attempt has come to this phase, at this time. */
    public static void comesTo(RunPhase phase, AutomationRun run, Instant at) {
        comesTo(phase, run, at, null);
    }

    /** The same, and it was started with this generation of its template. */
    public static void withTemplate(long generation, RunPhase phase, AutomationRun run, Instant at) {
        comesTo(phase, run, at, new AutomationRunStatus.Inputs(generation, null, null, null, 1));
    }

    /** The same, and its one machine has outputs, and so many tasks that changed it. */
    public static void saying(Map<String, String> outputs, int changed, RunPhase phase, AutomationRun run, Instant at) {
        var state = phase == RunPhase.SUCCEEDED ? HostState.OK : HostState.FAILED;
        var name = run.getSpec().targets().nodes().getFirst().name();
        comesTo(phase, run, at, null, List.of(new Host(name, state, 1, changed, null, null, null, null, outputs)));
    }

    private static void comesTo(RunPhase phase, AutomationRun run, Instant at, AutomationRunStatus.Inputs inputs) {
        comesTo(phase, run, at, inputs, List.of());
    }

    private static void comesTo(
            RunPhase phase, AutomationRun run, Instant at, AutomationRunStatus.Inputs inputs, List<Host> hosts) {
        run.setStatus(new AutomationRunStatus(
                1L,
                List.of(),
                phase,
                null,
                inputs,
                null,
                1,
                null,
                null,
                at.toString(),
                null,
                totals(phase),
                hosts,
                null,
                null,
                null));
    }

    /** Of one machine, to which the run came. */
    private static HostTotals totals(RunPhase phase) {
        return switch (phase) {
            case SUCCEEDED -> new HostTotals(1, 1, 0, 0, 0, 0, 0);
            case FAILED, PARTIALLY_FAILED, TIMED_OUT -> new HostTotals(1, 0, 0, 1, 0, 0, 0);
            case UNREACHABLE -> new HostTotals(1, 0, 0, 0, 1, 0, 0);
            default -> null;
        };
    }
}
