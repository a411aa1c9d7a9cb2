package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import com.xonetwork.tailnet.api.v1alpha1.HealSource;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.machine.MachineOrder;
import com.xonetwork.tailnet.pure.Pure;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What several sources say of a node that is unhealthy, before something is done to it that cannot be undone.
 *
 * @param said by each source of the quorum that was asked
 */
@Pure
record Votes(Map<HealSource, Vote> said) {

    enum Vote {
        DOWN,
        UP,
        /** It knows nothing, or was not asked yet. */
        UNKNOWN
    }

    Votes {
        said = Map.copyOf(said);
    }

    /** @param counted runs for the present trouble, newest first */
    static Votes of(Quorum quorum, Remediation remediation, List<AutomationRun> counted) {
        var said = new EnumMap<HealSource, Vote>(HealSource.class);
        for (var source : quorum.sources()) {
            switch (source) {
                // Or nothing would be done at all.
                case CONTROL_PLANE -> said.put(source, Vote.DOWN);
                case LAST_RUN -> said.put(source, lastRun(counted));
                case SSH -> {
                    if (remediation.action() == null) {
                        said.put(source, Vote.UNKNOWN);
                    }
                }
            }
        }
        return new Votes(said);
    }

    /** Only built-in remedies look at the machine in the end: that a template of a user's succeeded says nothing of it. */
    private static Vote lastRun(List<AutomationRun> counted) {
        return counted.stream()
                .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                .findFirst()
                .map(run -> switch (RunPhase.of(run.getStatus())) {
                    case SUCCEEDED -> MachineOrder.isOfRole(run) ? Vote.UP : Vote.UNKNOWN;
                    case FAILED, PARTIALLY_FAILED, UNREACHABLE, TIMED_OUT -> ofMachine(run);
                    case PENDING, AWAITING_APPROVAL, QUEUED, RUNNING, CANCELLING, CANCELLED -> Vote.UNKNOWN;
                })
                .orElse(Vote.UNKNOWN);
    }

    /** A run that never came to the machine (its image, its template, its order were wrong) says nothing of it. */
    private static Vote ofMachine(AutomationRun run) {
        var totals = run.getStatus().hostTotals();
        if (totals == null) {
            return Vote.UNKNOWN;
        }
        var isUnderWay = run.getStatus().hosts().stream().anyMatch(host -> host.state() == HostState.RUNNING);
        return totals.failed() + totals.unreachable() > 0 || isUnderWay ? Vote.DOWN : Vote.UNKNOWN;
    }

    boolean asksSsh() {
        return said.containsKey(HealSource.SSH);
    }

    Votes withSsh(boolean answers) {
        var more = new EnumMap<>(said);
        more.put(HealSource.SSH, answers ? Vote.UP : Vote.DOWN);
        return new Votes(more);
    }

    /**
     * Why they hold a remedy back, in words for a user.
     *
     * @param min of the quorum
     */
    Optional<String> against(int min) {
        if (count(Vote.UP) > 0) {
            return Optional.of(
                    "a source of the quorum says that the node is up, so the remedy is not started: " + this);
        }
        return count(Vote.DOWN) < min
                ? Optional.of("fewer than " + min + " say that the node is down: " + this)
                : Optional.empty();
    }

    /** The same, when SSH is still to be asked: only what its answer cannot change. */
    Optional<String> againstAlready(int min) {
        return asksSsh()
                ? withSsh(false).against(min).map(unused -> against(min).orElseThrow())
                : against(min);
    }

    private long count(Vote vote) {
        return said.values().stream().filter(vote::equals).count();
    }

    /** {@code ControlPlane says down, LastRun says up}. */
    @Override
    public String toString() {
        return said.isEmpty()
                ? "this remedy asks none of the quorum's sources"
                : said.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(vote -> vote.getKey().word()
                                + switch (vote.getValue()) {
                                    case DOWN -> " says down";
                                    case UP -> " says up";
                                    case UNKNOWN -> " does not know";
                                })
                        .collect(Collectors.joining(", "));
    }
}
