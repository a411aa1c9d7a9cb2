package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.machine.MachineInput;
import com.xonetwork.tailnet.machine.MachinePlan;
import com.xonetwork.tailnet.machine.MachinePlanner;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done about a node, in four stages: the changes to devices, the join key, the files for the machine's first boot, the
 * runs on the machine. A later stage depends on what came of the ones before, and on nothing else that is not in the input: it is
 * a function of their outcome. {@link NodeEffects} has their order.
 *
 * @param devices the first stage, which depends on no other
 */
@Pure
record NodePlan(NodeInput input, DevicePlan devices) {

    /** Whether the node stands for another device than before. */
    boolean isAnotherDevice() {
        return devices.device() != null && input.isAnother(devices.device().id());
    }

    /** Whether a difference is somebody else's doing. */
    boolean isDrift(DeviceAction difference) {
        return devices.device() != null && input.drift(devices.device().id()).isDrift(difference);
    }

    /**
     * A fight that was not given up before.
     *
     * @param about the device of which it is asked who changed it last; empty when nobody is asked
     */
    record Fight(Set<DeviceAction.Field> over, Optional<String> about) {}

    Optional<Fight> fight() {
        var device = devices.device();
        if (device == null || input.drift(device.id()).news().stream().noneMatch(devices.contested()::contains)) {
            return Optional.empty();
        }
        // Of the device that the machine was before nobody is asked.
        var isOfFormer = devices.contested().equals(Set.of(DeviceAction.Field.FORMER_NAME));
        return Optional.of(new Fight(devices.contested(), isOfFormer ? Optional.empty() : Optional.of(device.id())));
    }

    /**
     * How the device compares with what is wanted once the changes were made. What was written is as it was written, and what failed
     * rests. A new name or tag can make another NodeClass match: what that asks for is seen here, and done after the next look.
     */
    DevicePlan after(DeviceOutcome outcome) {
        return outcome.equals(DeviceOutcome.nothing(input)) ? devices : NodePlanner.compare(input.after(outcome));
    }

    /** @param now as {@link #after} says */
    JoinPlan key(DevicePlan now) {
        return JoinPlanner.plan(input, now);
    }

    /** @param key what came of the join key */
    FilesPlan files(DevicePlan now, JoinSaid key) {
        return FilesPlan.of(input, now, key);
    }

    /**
     * Empty for a node whose machine is not reached over SSH.
     *
     * @param key what came of the join key
     */
    Optional<MachinePlan> machine(DevicePlan now, JoinSaid key) {
        var ssh = input.node().getSpec().ssh();
        if (ssh == null) {
            return Optional.empty();
        }
        var preferences = now.preferences();
        var tailnet = input.tailnet();
        if (preferences == null || tailnet == null) {
            var joined = now.joined();
            return Optional.of(MachinePlan.nothing(
                    Fact.unknown(ConditionType.MACHINE_IN_SYNC, joined.reason(), joined.message())));
        }
        var spec = tailnet.getSpec();
        return Optional.of(MachinePlanner.plan(new MachineInput(
                input.node(),
                ssh,
                new JoinKeyHolder(input.node()).keyRef(),
                JoinPlanner.mode(input.node().getSpec(), spec),
                now.joined(),
                now.device(),
                key.status() == null ? null : key.status().keyId(),
                input.machine().keyIsWanted(),
                preferences,
                MachinePlanner.tailnetParameters(
                        JoinPlanner.loginServerOf(spec).orElse(null),
                        now.view()
                                .settings()
                                .map(ControlPlaneSettings::caCertificates)
                                .orElse(null)),
                DurationText.parse(spec.pollInterval()),
                input.machine().runs(),
                input.here())));
    }

    /** UID of a run whose end is news: what it has done shows in the next list, so there is no need to wait for its time. */
    Optional<String> runToListAfter(DevicePlan now) {
        return now.preferences() == null || input.tailnet() == null
                ? Optional.empty()
                : input.machine().runs().stream()
                        .findFirst()
                        .filter(run -> RunPhase.of(run.getStatus()).isTerminal())
                        .map(NodePlan::uid)
                        .filter(uid -> !uid.equals(input.remembered().listedAfter()));
    }

    private static String uid(AutomationRun run) {
        return run.getMetadata().getUid();
    }
}
