package com.xonetwork.tailnet.machine;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link MachinePlanner} decides on.
 *
 * @param ssh where the machine is
 * @param authKey where a join key is handed over
 * @param joined the fact {@code Joined}
 * @param device null while none stands for the node
 * @param keyId of the join key that waits for the machine; null while there is none
 * @param keyIsTaken a run that somebody else made takes the join key to the machine
 * @param tailnet parameters that are the same for all machines of the tailnet: where its control plane is
 * @param pollInterval how old a device list can be: nothing is known of what happened since
 * @param runs of this machine, newest first
 */
public record MachineInput(
        TailnetNode node,
        SshJoin ssh,
        KeyRef authKey,
        Mode mode,
        Fact joined,
        @Nullable Device device,
        @Nullable String keyId,
        boolean keyIsTaken,
        Preferences preferences,
        Map<String, Object> tailnet,
        Duration pollInterval,
        List<AutomationRun> runs,
        Instant now) {

    public MachineInput {
        runs = List.copyOf(runs);
        tailnet = Map.copyOf(tailnet);
    }
}
