package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that want to be told, and what they are told. Events come by themselves with what happens to nodes, users
 * and the policy; {@link #emit} makes any other. Deliveries go out at once, in the background; those to an endpoint in a
 * chat service's form are not simulated. Safe for use by several threads.
 */
public final class Webhooks implements AutoCloseable {

    private static final String ADMIN_CONSOLE = "https://login.tailscale.com/admin/";

    private final Clock clock;
    private final String tailnetId;
    private final Map<String, SimWebhook> byId = new LinkedHashMap<>();
    private final WebhookSender sender;
    private int made;

    Webhooks(Clock clock, String tailnetId) {
        this.clock = clock;
        this.tailnetId = tailnetId;
        this.sender = new WebhookSender(clock, this::find);
    }

    /** Somebody adds an endpoint in the admin console. */
    public SimWebhook add(String url, String... subscriptions) {
        return create(url, "", SimUser.OWNER, List.of(subscriptions));
    }

    synchronized SimWebhook create(String url, String providerType, String creator, List<String> subscriptions) {
        var now = clock.instant();
        var webhook = new SimWebhook(
                Integer.toString(100_000 + ++made), url, providerType, creator, now, now, subscriptions, newSecret());
        byId.put(webhook.endpointId(), webhook);
        return webhook;
    }

    static String newSecret() {
        return "tskey-webhook-" + UUID.randomUUID().toString().replace("-", "");
    }

    public synchronized List<SimWebhook> all() {
        return new ArrayList<>(byId.values());
    }

    public synchronized Optional<SimWebhook> find(String endpointId) {
        return Optional.ofNullable(byId.get(endpointId));
    }

    synchronized SimWebhook update(SimWebhook webhook, UnaryOperator<SimWebhook> change) {
        var after = change.apply(webhook);
        byId.put(webhook.endpointId(), after);
        return after;
    }

    synchronized void remove(SimWebhook webhook) {
        byId.remove(webhook.endpointId());
    }

    /** Every attempt to deliver that has ended, good or bad. */
    public List<WebhookDelivery> deliveries() {
        return sender.log();
    }

    /** Sends an event to all endpoints that want it, whatever really happened. */
    public void emit(String type, String message, Map<String, String> data) {
        var node = Json.object();
        data.forEach(node::put);
        emit(type, message, node);
    }

    private void emit(String type, String message, ObjectNode data) {
        for (var webhook : all()) {
            if (webhook.wants(type)) {
                sendTo(webhook, type, message, data);
            }
        }
    }

    /** One event to one endpoint. */
    void sendTo(SimWebhook webhook, String type, String message, @Nullable ObjectNode data) {
        if (!webhook.providerType().isEmpty()) {
            return;
        }
        var event = Json.object()
                .put("timestamp", clock.instant().toString())
                .put("version", 1)
                .put("type", type)
                .put("tailnet", tailnetId)
                .put("message", message);
        event.set("data", data == null ? JsonNodeFactory.instance.nullNode() : data);
        var body = JsonNodeFactory.instance.arrayNode().add(event);
        sender.send(webhook, new String(Json.bytes(body), StandardCharsets.UTF_8));
    }

    void node(String type, SimDevice device, String fullName, String message) {
        if (isSilent()) {
            return;
        }
        var data = Json.object()
                .put("nodeID", device.nodeId())
                .put("deviceName", fullName)
                .put("managedBy", device.tags().isEmpty() ? device.user() : String.join(",", device.tags()))
                .put("actor", SimUser.OWNER)
                .put("url", ADMIN_CONSOLE + "machines/" + device.nodeId());
        var expires = device.expires();
        if (type.startsWith("nodeKeyExpir") && expires != null) {
            data.put("expiration", Json.time(expires));
        }
        emit(type, message, data);
    }

    void user(String type, SimUser user) {
        emit(
                type,
                type + ": " + user.loginName(),
                Json.object()
                        .put("user", user.loginName())
                        .put("url", ADMIN_CONSOLE + "users")
                        .put("actor", SimUser.OWNER));
    }

    void policy(String oldPolicy, String newPolicy) {
        emit(
                "policyUpdate",
                "Policy file updated",
                Json.object()
                        .put("newPolicy", newPolicy)
                        .put("oldPolicy", oldPolicy)
                        .put("url", ADMIN_CONSOLE + "acls")
                        .put("actor", SimUser.OWNER));
    }

    /** Spares the work for thousands of devices where nobody listens. */
    synchronized boolean isSilent() {
        return byId.isEmpty();
    }

    void retryWhatIsDue() {
        sender.retryWhatIsDue();
    }

    @Override
    public void close() {
        sender.close();
    }
}
