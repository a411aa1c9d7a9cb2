package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.status.ConditionType.WEBHOOK_READY;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ConnectionResolver.Unresolved;
import com.xonetwork.tailnet.webhook.WebhookSecrets;
import com.xonetwork.tailnet.webhook.Webhooks;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Has the deliveries of a Tailnet's webhooks taken as its spec says. A webhook that is missing never stops the polling. */
@Singleton
final class TailnetWebhooks {

    private final ConnectionResolver resolver;
    private final Webhooks webhooks;

    TailnetWebhooks(ConnectionResolver resolver, Webhooks webhooks) {
        this.resolver = resolver;
        this.webhooks = webhooks;
    }

    /** The fact {@code WebhookReady}. Of several secrets the missing ones are told; with the others it works on. */
    Fact follow(Tailnet tailnet) {
        var key = TailnetKey.of(tailnet);
        var spec = tailnet.getSpec().webhook();
        if (spec == null) {
            webhooks.forget(key);
            return Fact.yes(
                    WEBHOOK_READY, Reason.NOT_MANAGED, "spec.webhook is not set; changes are seen at the next poll");
        }
        var secrets = new ArrayList<String>();
        @Nullable Unresolved missing = null;
        for (var reference : spec.secretRefs()) {
            try {
                secrets.add(resolver.webhookSecret(tailnet, reference));
            } catch (Unresolved e) {
                missing = missing == null ? e : missing;
            }
        }
        var problem = follow(key, secrets);
        if (missing != null) {
            return Fact.no(WEBHOOK_READY, missing.reason(), String.valueOf(missing.getMessage()));
        }
        return problem == null
                ? Fact.yes(WEBHOOK_READY, Reason.READY, "webhooks are accepted at /webhooks/" + key)
                : Fact.no(WEBHOOK_READY, Reason.PENDING, problem);
    }

    private @Nullable String follow(TailnetKey key, ArrayList<String> secrets) {
        if (secrets.isEmpty()) {
            webhooks.forget(key);
            return null;
        }
        return webhooks.follow(
                        key,
                        new WebhookSecrets(
                                secrets.stream().limit(WebhookSecrets.MOST).toList()))
                .orElse(null);
    }

    void forget(TailnetKey tailnet) {
        webhooks.forget(tailnet);
    }
}
