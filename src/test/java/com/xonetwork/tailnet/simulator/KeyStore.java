package com.xonetwork.tailnet.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All keys of the tailnet, revoked ones too. Safe for use by several threads. */
final class KeyStore {

    private final Map<String, SimKey> byId = new LinkedHashMap<>();
    private final Map<String, String> idByAuthSecret = new HashMap<>();
    private int made;

    /** A fresh id in the service's form. */
    synchronized String newId() {
        return "k%06dCNTRL".formatted(++made);
    }

    synchronized void put(SimKey key) {
        byId.put(key.id(), key);
    }

    /** Takes a join key in, with the secret that a device will show. */
    synchronized void put(SimKey key, String secret) {
        put(key);
        idByAuthSecret.put(secret, key.id());
    }

    synchronized Optional<SimKey> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The join key with this secret, which is then used up if it is for one use; empty when it opens nothing. */
    synchronized Optional<SimKey> use(String secret, Instant now) {
        var key = Optional.ofNullable(idByAuthSecret.get(secret))
                .flatMap(this::find)
                .filter(found -> !found.invalid(now));
        key.ifPresent(found -> byId.put(found.id(), found.usedUp()));
        return key;
    }

    synchronized List<SimKey> all() {
        return new ArrayList<>(byId.values());
    }

    synchronized void update(String id, UnaryOperator<SimKey> change) {
        byId.computeIfPresent(id, (same, key) -> change.apply(key));
    }
}
