package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import java.time.Instant;
import java.util.List;

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

    private static void comesTo(RunPhase phase, AutomationRun run, Instant at, AutomationRunStatus.Inputs inputs) {
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
                List.of(),
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
