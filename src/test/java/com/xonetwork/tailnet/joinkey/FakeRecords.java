package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.controlplane.JoinKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Secrets in memory. */
final class FakeRecords implements JoinKeyRecords {

    private final Map<String, JoinKeyRecord> secrets = new HashMap<>();
    private int version;

    @Override
    public Optional<JoinKeyRecord> find(JoinKeyHolder holder) {
        return Optional.ofNullable(secrets.get(holder.secretName()));
    }

    @Override
    public JoinKeyRecord create(JoinKeyHolder holder, JoinKey key, Instant expires, String place) {
        if (secrets.containsKey(holder.secretName())) {
            throw new NameTaken(holder.secretName());
        }
        var recorded = new JoinKeyRecord(key.id(), expires, key.tags(), String.valueOf(++version), place);
        secrets.put(holder.secretName(), recorded);
        return recorded;
    }

    @Override
    public void delete(JoinKeyHolder holder, JoinKeyRecord recorded) {
        secrets.remove(holder.secretName(), recorded);
    }

    void deletedByHand(JoinKeyHolder holder) {
        secrets.remove(holder.secretName());
    }
}
