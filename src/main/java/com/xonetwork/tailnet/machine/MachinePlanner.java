package com.xonetwork.tailnet.machine;

import static com.xonetwork.tailnet.status.ConditionType.MACHINE_IN_SYNC;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.controlplane.AddressRules;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.route.Network;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a run must bring a machine into the tailnet, or to its preferences. What was done before is read from the
 * runs themselves: the newest of them tells what the machine was set to, and how many in a row had the same wish in vain.
 */
@Pure
public final class MachinePlanner {

    /** After a run that failed; twice as long after each further one of the same wish. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(30);
    private static final int MOST_DOUBLINGS = 6;
    /** Outputs of the role: what was changed or would be, and the ID of the machine's device. */
    private static final String NOTE = "note";

    static final String DEVICE = "device";

    private MachinePlanner() {}

    public static MachinePlan plan(MachineInput input) {
        return unfit(input).orElseGet(() -> planFor(input).keeping(MachineUpkeep.of(input)));
    }

    private static MachinePlan planFor(MachineInput input) {
        var newest = input.runs().stream().findFirst();
        var live = newest.filter(run -> !RunPhase.of(run.getStatus()).isTerminal());
        if (live.isPresent()) {
            return MachinePlan.nothing(no(MACHINE_IN_SYNC, Reason.PROGRESSING, running(live.get())));
        }
        if (input.device() == null && input.keyIsTaken()) {
            return MachinePlan.nothing(no(MACHINE_IN_SYNC, Reason.PROGRESSING, "a remedy is logging the machine in"));
        }
        if (input.device() == null && input.mode() == Mode.OBSERVE) {
            return MachinePlan.nothing(
                    input.joined().reason() == Reason.DEVICE_NOT_FOUND
                            ? no(
                                    MACHINE_IN_SYNC,
                                    Reason.DIFFERS,
                                    "the machine has not joined; mode is Observe, so nothing is changed")
                            : waiting(input.joined()));
        }
        if (input.device() == null) {
            return input.keyId() == null ? MachinePlan.nothing(waiting(input.joined())) : join(input, input.keyId());
        }
        var device = input.device();
        return adoption(input, device).orElseGet(() -> configure(input, device));
    }

    /** What is planned when nothing can be done on the machine, and no template be kept for it; empty when it can. */
    private static Optional<MachinePlan> unfit(MachineInput input) {
        return noMachine(input.ssh())
                .or(() -> MachineOrder.tooLarge(input))
                .map(why -> MachinePlan.nothing(no(MACHINE_IN_SYNC, Reason.INVALID, why)));
    }

    /** Why there can be no machine at the address, in words for a user; empty when there can. */
    public static Optional<String> noMachine(SshJoin ssh) {
        return AddressRules.isForbidden(ssh.address())
                ? Optional.of("spec.join.ssh.address " + ssh.address() + " is " + AddressRules.FORBIDDEN
                        + ", which the operator never connects to. Give the machine's own address or name")
                : Optional.empty();
    }

    private static Fact waiting(Fact joined) {
        return joined.reason() == Reason.DEVICE_NOT_FOUND
                ? unknown(MACHINE_IN_SYNC, Reason.PENDING, "the machine joins as soon as there is a join key")
                : unknown(MACHINE_IN_SYNC, joined.reason(), joined.message());
    }

    private static MachinePlan join(MachineInput input, String keyId) {
        // Whatever succeeded on it before: it may believe to be in the tailnet, and then would not even try the key.
        var wasThere = sets(input).anyMatch(MachinePlanner::succeeded);
        var first = input.preferences().adopt() == Adoption.APPLY ? MachineAction.ADOPT : MachineAction.JOIN;
        var order = order(input, wasThere ? MachineAction.REJOIN : first, keyId);
        return when(input, order, "the machine has not joined");
    }

    /** Runs that were to set the machine, newest first: all but those that only looked. */
    private static Stream<AutomationRun> sets(MachineInput input) {
        return input.runs().stream().filter(run -> !MachineOrder.isPlan(run));
    }

    /** Whether the operator has set the machine before, if only in part. */
    private static boolean isAdopted(MachineInput input) {
        return sets(input)
                .anyMatch(run ->
                        succeeded(run) || hosts(run).anyMatch(host -> host.changed() != null && host.changed() > 0));
    }

    private static Stream<AutomationRunStatus.Host> hosts(AutomationRun run) {
        return run.getStatus() == null ? Stream.empty() : run.getStatus().hosts().stream();
    }

    /**
     * Of a machine that was in the tailnet before the operator met it: what would be changed is found out, and a human decides.
     *
     * @return empty when it may be changed, or when there is nothing to change
     */
    private static Optional<MachinePlan> adoption(MachineInput input, Device device) {
        if (input.preferences().adopt() == Adoption.APPLY || input.mode() == Mode.OBSERVE || isAdopted(input)) {
            return Optional.empty();
        }
        var order = order(input, MachineAction.PLAN, null);
        var looked = input.runs().stream()
                .filter(run -> succeeded(run) && order.id().equals(run.getSpec().requestId()))
                .findFirst();
        if (looked.isEmpty()) {
            var why = "the machine was in the tailnet before this node, and nothing was changed";
            return Optional.of(
                    !device.connected() && inARow(input.runs(), order) > 0
                            ? MachinePlan.nothing(unknown(
                                    MACHINE_IN_SYNC,
                                    Reason.OFFLINE,
                                    why + "; the operator checks the machine again when it is online"))
                            : when(input, order, why));
        }
        var told = hosts(looked.get())
                .map(AutomationRunStatus.Host::outputs)
                .findFirst()
                .orElse(Map.of());
        var note = told.get(NOTE);
        return note == null && told.containsKey(DEVICE)
                ? Optional.empty()
                : Optional.of(MachinePlan.nothing(no(
                        MACHINE_IN_SYNC,
                        Reason.ADOPTION_PLANNED,
                        "the machine was in the tailnet before this node, and nothing was changed. AutomationRun "
                                + looked.get().getMetadata().getName()
                                + (note == null ? " did not report what it would change" : " would change: " + note)
                                + ". To have it changed, set spec.preferences.adopt to Apply. To keep what it has, write that"
                                + " into spec.preferences, a SubnetRoute or an ExitNode")));
    }

    private static MachinePlan configure(MachineInput input, Device device) {
        var newest = sets(input).findFirst().orElse(null);
        var order = order(input, MachineAction.CONFIGURE, null);
        var differences = differences(input.preferences(), device);
        var isApplied = newest != null && succeeded(newest) && order.isAppliedBy(newest);
        // What can be seen says more.
        if (!isApplied && differences.isEmpty()) {
            differences.add(notApplied(newest));
        }
        if (differences.isEmpty()) {
            var note = input.preferences().note();
            return MachinePlan.nothing(yes(
                    MACHINE_IN_SYNC,
                    Reason.IN_SYNC,
                    "the machine is set as wanted" + (note == null ? "" : "; " + note)));
        }
        var difference = String.join("; ", differences);
        if (input.mode() == Mode.OBSERVE) {
            return MachinePlan.nothing(
                    no(MACHINE_IN_SYNC, Reason.DIFFERS, difference + "; mode is Observe, so nothing is changed"));
        }
        if (!device.connected() && inARow(input.runs(), order) > 0) {
            return MachinePlan.nothing(
                    unknown(MACHINE_IN_SYNC, Reason.OFFLINE, difference + "; tried again when the machine is online"));
        }
        return when(input, order, difference);
    }

    private static String notApplied(@Nullable AutomationRun newest) {
        if (newest == null) {
            return "no run has set the machine's preferences yet";
        }
        return succeeded(newest)
                ? "the last run set other preferences, or was for another SSH address"
                : "the last run that was to set all preferences ended as " + told(newest);
    }

    private static MachineOrder order(MachineInput input, MachineAction action, @Nullable String keyId) {
        return MachineOrder.of(action, MachineOrder.values(input), input.ssh(), keyId);
    }

    /** What the device list shows otherwise than wanted. */
    private static List<String> differences(Preferences wanted, Device device) {
        var differences = new ArrayList<String>();
        var routes = new TreeSet<>(wanted.advertiseRoutes());
        if (wanted.advertiseExitNode()) {
            routes.addAll(RouteIntents.EXIT_ROUTES);
        }
        var advertised = Network.canonical(device.advertisedRoutes());
        var isRight = wanted.keepUnmanaged() ? advertised.containsAll(routes) : advertised.equals(routes);
        if (!isRight) {
            differences.add("the machine advertises " + advertised + ", wanted " + routes);
        }
        if (!device.hostname().equalsIgnoreCase(wanted.hostname())) {
            differences.add("the machine's host name is " + device.hostname() + ", wanted " + wanted.hostname());
        }
        return differences;
    }

    /** At once, or when it has waited long enough after the runs that were in vain. */
    private static MachinePlan when(MachineInput input, MachineOrder order, String why) {
        var before = inARow(input.runs(), order);
        if (before == 0) {
            return start(order, why);
        }
        var last = input.runs().getFirst();
        var due = ended(last, input.now()).plus(pause(input, before));
        if (!input.now().isBefore(due)) {
            return start(order, why);
        }
        return new MachinePlan(
                no(
                        MACHINE_IN_SYNC,
                        Reason.RETRYING,
                        why + ": AutomationRun " + last.getMetadata().getName() + " " + told(last) + "; tried again at "
                                + due.truncatedTo(ChronoUnit.SECONDS)),
                Optional.empty(),
                Optional.of(Duration.between(input.now(), due)));
    }

    /** What a run did shows in the device list after a poll: sooner, the difference would be an old one. */
    private static Duration pause(MachineInput input, int inVain) {
        var doubled = FIRST_WAIT.multipliedBy(1L << Math.min(inVain - 1, MOST_DOUBLINGS));
        var seen = input.pollInterval().multipliedBy(2);
        var wait = doubled.compareTo(seen) < 0 ? seen : doubled;
        return wait.compareTo(LONGEST_WAIT) > 0 && seen.compareTo(LONGEST_WAIT) <= 0 ? LONGEST_WAIT : wait;
    }

    private static int inARow(List<AutomationRun> runs, MachineOrder order) {
        return (int) runs.stream()
                .takeWhile(run -> order.id().equals(run.getSpec().requestId()))
                .count();
    }

    private static MachinePlan start(MachineOrder order, String why) {
        return new MachinePlan(
                no(MACHINE_IN_SYNC, Reason.PROGRESSING, why + ": a run is started"),
                Optional.of(order),
                Optional.empty());
    }

    private static boolean succeeded(AutomationRun run) {
        return RunPhase.of(run.getStatus()) == RunPhase.SUCCEEDED;
    }

    private static Instant ended(AutomationRun run, Instant otherwise) {
        var status = run.getStatus();
        return status == null || status.finishedAt() == null ? otherwise : Instant.parse(status.finishedAt());
    }

    private static String running(AutomationRun run) {
        return "AutomationRun " + run.getMetadata().getName() + " is "
                + RunPhase.of(run.getStatus()).word()
                + Optional.ofNullable(run.getStatus())
                        .flatMap(status -> Conditions.find(status.conditions(), ConditionType.READY))
                        .filter(ready -> !Condition.TRUE.equals(ready.status()))
                        .map(ready -> ": " + ready.message())
                        .orElse("");
    }

    /** How it ended, with the first error of the machine where there is one. */
    private static String told(AutomationRun run) {
        var status = run.getStatus();
        var phase = RunPhase.of(status).word();
        return status == null
                ? phase
                : phase
                        + status.hosts().stream()
                                .flatMap(host -> Optional.ofNullable(host.firstError()).stream())
                                .findFirst()
                                .or(() -> Conditions.find(status.conditions(), ConditionType.SUCCEEDED)
                                        .filter(succeeded -> !Condition.TRUE.equals(succeeded.status()))
                                        .map(Condition::message))
                                .map(error -> " (" + error + ")")
                                .orElse("");
    }

    /** Parameters that say where the control plane is. @param ca certificates that the machine must trust; null for none */
    public static Map<String, Object> tailnetParameters(@Nullable String loginServer, @Nullable String ca) {
        var parameters = new TreeMap<String, Object>();
        if (loginServer != null) {
            parameters.put("tailscale_login_server", loginServer);
        }
        if (ca != null) {
            parameters.put("tailscale_control_plane_ca", ca);
        }
        return parameters;
    }
}
