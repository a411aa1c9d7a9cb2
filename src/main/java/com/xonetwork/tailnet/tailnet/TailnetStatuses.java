package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.DeviceCounts;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.api.v1alpha1.TailnetStatus;
import com.xonetwork.tailnet.inventory.Claims;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what was found out about a tailnet. */
@Pure
final class TailnetStatuses {

    private TailnetStatuses() {}

    /**
     * @param claims which TailnetNode stands for a device of the view
     * @param policy null while there is no AclPolicy
     */
    static TailnetStatus of(
            Tailnet tailnet,
            List<Fact> facts,
            TailnetView view,
            Claims claims,
            @Nullable TailnetPolicyStatus policy,
            Instant now) {
        var generation = tailnet.getMetadata().getGeneration();
        var previous = tailnet.getStatus();
        return new TailnetStatus(
                generation,
                Conditions.merge(
                        previous == null ? List.of() : previous.conditions(),
                        Conditions.summarize(facts, "the tailnet is reachable and as wanted"),
                        generation,
                        now),
                url(tailnet),
                view.capabilities().stream().map(Enum::name).sorted().toList(),
                Optional.ofNullable(view.devices())
                        .map(devices -> counts(devices, claims, view.there(now)))
                        .orElse(null),
                policy);
    }

    private static DeviceCounts counts(DeviceList devices, Claims claims, Instant now) {
        var online =
                devices.devices().stream().filter(device -> device.online(now)).count();
        var taken = devices.devices().stream()
                .filter(device -> claims.holder(device).isPresent())
                .count();
        return new DeviceCounts(devices.size(), (int) online, (int) taken);
    }

    private static @Nullable String url(Tailnet tailnet) {
        var spec = tailnet.getSpec();
        if (spec.tailscale() != null) {
            return spec.tailscale().url();
        }
        return spec.headscale() == null ? null : spec.headscale().url();
    }
}
