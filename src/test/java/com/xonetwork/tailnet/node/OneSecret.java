package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import java.time.Instant;
import java.util.Optional;

/** The Secret of the one node. */
final class OneSecret implements JoinKeyRecords {
    JoinKeyRecord recorded;
    RuntimeException failure;

    @Override
    public Optional<JoinKeyRecord> find(JoinKeyHolder holder) {
        if (failure != null) {
            throw failure;
        }
        return Optional.ofNullable(recorded);
    }

    @Override
    public JoinKeyRecord create(JoinKeyHolder holder, JoinKey key, Instant expires, String place) {
        recorded = new JoinKeyRecord(key.id(), expires, key.tags(), "1", place);
        return recorded;
    }

    @Override
    public void delete(JoinKeyHolder holder, JoinKeyRecord record) {
        recorded = null;
    }
}
