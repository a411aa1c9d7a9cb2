package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why nothing can be said of any device of a tailnet: the same words on every kind. */
public record Standing(Reason reason, String message) {

    /** Empty when the devices are known. */
    public static Optional<Standing> inTheWay(String name, @Nullable Tailnet tailnet, TailnetView view) {
        if (tailnet == null) {
            return because(
                    Reason.TAILNET_NOT_FOUND,
                    "there is no Tailnet " + name + " in this namespace: create it, or correct tailnetRef");
        }
        if (tailnet.getSpec().suspend()) {
            return because(Reason.SUSPENDED, "Tailnet " + name + " is suspended (spec.suspend)");
        }
        if (view.usableDevices().isPresent()) {
            return Optional.empty();
        }
        return switch (view.freshness()) {
            case STALE ->
                because(
                        Reason.SNAPSHOT_STALE,
                        "the device list of Tailnet " + name
                                + " is too old to decide on; see that Tailnet's conditions");
            case PENDING, NEVER, FRESH ->
                because(
                        Reason.TAILNET_NOT_READY,
                        "the devices of Tailnet " + name + " have not been listed yet; see that Tailnet's conditions");
        };
    }

    private static Optional<Standing> because(Reason reason, String message) {
        return Optional.of(new Standing(reason, message));
    }
}
