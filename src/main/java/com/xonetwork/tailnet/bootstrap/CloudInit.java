package com.xonetwork.tailnet.bootstrap;

import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin;
import com.xonetwork.tailnet.machine.Preferences;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the files for a machine's first boot are made of, but for the token.
 *
 * @param namespace of the TailnetNode
 * @param name of the TailnetNode
 * @param preferences of its tailscaled
 * @param loginServer URL to log in to; null for Tailscale's own
 * @param bootstrapUrl base URL of the operator's API as the machine reaches it
 * @param trusted certificates (PEM) that the machine must trust, of the control plane and of that URL
 */
public record CloudInit(
        String namespace,
        String name,
        CloudInitJoin spec,
        Preferences preferences,
        @Nullable String loginServer,
        String bootstrapUrl,
        List<String> trusted) {

    public CloudInit {
        trusted = List.copyOf(trusted);
    }
}
