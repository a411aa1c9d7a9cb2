package com.xonetwork.tailnet.simulator;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The users of the tailnet; there is an owner from the start. Safe for use by several threads. */
final class UserStore {

    private final Clock clock;
    private final String tailnetId;
    private final Webhooks webhooks;
    private final Map<String, SimUser> byId = new LinkedHashMap<>();
    private int added;

    UserStore(Clock clock, String tailnetId, Webhooks webhooks) {
        this.clock = clock;
        this.tailnetId = tailnetId;
        this.webhooks = webhooks;
        add(SimUser.named(SimUser.OWNER).withRole("owner"));
    }

    String tailnetId() {
        return tailnetId;
    }

    SimUser add(SimUser user) {
        var filled = put(user);
        webhooks.user("userCreated", filled);
        if (filled.status().equals("needs-approval")) {
            webhooks.user("userNeedsApproval", filled);
        }
        return filled;
    }

    private synchronized SimUser put(SimUser user) {
        var filled = user.filledIn("u%06dCNTRL".formatted(++added), clock.instant());
        byId.put(filled.id(), filled);
        return filled;
    }

    synchronized Optional<SimUser> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The owner's id; empty once somebody deleted that user. */
    synchronized String ownerId() {
        return byId.values().stream()
                .filter(user -> user.loginName().equals(SimUser.OWNER))
                .map(SimUser::id)
                .findFirst()
                .orElse("");
    }

    synchronized List<SimUser> all() {
        return new ArrayList<>(byId.values());
    }

    /** Changes a user and says so with this event, unless nothing changes. */
    void update(SimUser user, String event, UnaryOperator<SimUser> change) {
        var after = change.apply(user);
        if (!after.equals(user)) {
            synchronized (this) {
                byId.put(user.id(), after);
            }
            webhooks.user(event, after);
        }
    }

    void remove(SimUser user) {
        synchronized (this) {
            byId.remove(user.id());
        }
        webhooks.user("userDeleted", user);
    }
}
