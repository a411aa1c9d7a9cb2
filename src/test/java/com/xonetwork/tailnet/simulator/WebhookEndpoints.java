package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** The operations on webhooks. The texts of refusals are ours: the live ones are not known. */
final class WebhookEndpoints {

    private static final Set<String> PROVIDERS = Set.of("", "slack", "mattermost", "googlechat", "discord");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Clock clock;
    private final Webhooks webhooks;

    WebhookEndpoints(Clock clock, Webhooks webhooks) {
        this.clock = clock;
        this.webhooks = webhooks;
    }

    Answer list(Call call) {
        var body = Json.object();
        var list = body.putArray("webhooks");
        webhooks.all().forEach(webhook -> list.add(write(webhook)));
        return Answer.json(body);
    }

    /** The secret is shown once, here. */
    Answer create(Call call) {
        var body = call.json();
        var url = body.path("endpointUrl").asText("");
        var provider = body.path("providerType").asText("");
        if (!isGoodUrl(url)) {
            throw ApiError.badRequest("invalid endpoint URL");
        }
        if (!PROVIDERS.contains(provider)) {
            throw ApiError.badRequest("invalid provider type");
        }
        // What an OAuth client makes has no creator.
        var creator = call.caller().tailnetOwned() ? "" : SimUser.OWNER;
        return withSecret(webhooks.create(url, provider, creator, subscriptions(body)));
    }

    /** The live service wants https; a test's receiver on this machine may do without. */
    private static boolean isGoodUrl(String url) {
        try {
            var uri = URI.create(url);
            var host = uri.getHost();
            return host != null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> subscriptions(ObjectNode body) {
        var subscriptions = Json.strings(body.path("subscriptions"));
        if (subscriptions.isEmpty() || !subscriptions.stream().allMatch(SimWebhook::isSubscription)) {
            throw ApiError.badRequest("invalid subscriptions");
        }
        return subscriptions;
    }

    Answer get(Call call) {
        return Answer.json(write(found(call)));
    }

    /** Replaces the subscriptions. */
    Answer update(Call call) {
        var subscriptions = subscriptions(call.json());
        var after = webhooks.update(found(call), webhook -> webhook.withSubscriptions(subscriptions, clock.instant()));
        webhooks.sendTo(after, "webhookUpdated", "Webhook updated", null);
        return Answer.json(write(after));
    }

    Answer delete(Call call) {
        var webhook = found(call);
        webhooks.remove(webhook);
        webhooks.sendTo(webhook, "webhookDeleted", "Webhook deleted", null);
        return Answer.empty(200);
    }

    Answer test(Call call) {
        webhooks.sendTo(found(call), "test", "This is a test event", null);
        return Answer.empty(202);
    }

    /** The old secret signs nothing any more. */
    Answer rotate(Call call) {
        return withSecret(
                webhooks.update(found(call), webhook -> webhook.withSecret(Webhooks.newSecret(), clock.instant())));
    }

    private SimWebhook found(Call call) {
        return webhooks.find(call.parameter("endpointId")).orElseThrow(() -> new ApiError(404, "webhook not found"));
    }

    private static Answer withSecret(SimWebhook webhook) {
        return Answer.json(write(webhook).put("secret", webhook.secret()));
    }

    private static ObjectNode write(SimWebhook webhook) {
        var node = Json.object()
                .put("endpointId", webhook.endpointId())
                .put("endpointUrl", webhook.endpointUrl())
                .put("providerType", webhook.providerType())
                .put("creatorLoginName", webhook.creator())
                .put("created", Json.time(webhook.created()))
                .put("lastModified", Json.time(webhook.lastModified()));
        webhook.subscriptions().forEach(node.putArray("subscriptions")::add);
        return node;
    }
}
