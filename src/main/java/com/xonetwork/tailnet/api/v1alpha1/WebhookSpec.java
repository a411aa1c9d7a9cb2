package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** How deliveries of the tailnet's webhooks are told from forged ones. */
public record WebhookSpec(
        @Required
        @Size(min = 1, max = 4)
        @JsonPropertyDescription(
                "Keys of Secrets that hold a webhook's secret (tskey-webhook-...). A delivery is accepted if it is signed with one"
                        + " of them. Name the old and the new one while you rotate a secret.")
        List<KeyRef> secretRefs) {

    public WebhookSpec {
        secretRefs = secretRefs == null ? List.of() : List.copyOf(secretRefs);
    }
}
