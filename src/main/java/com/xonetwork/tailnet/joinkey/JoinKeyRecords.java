package com.xonetwork.tailnet.joinkey;

import com.xonetwork.tailnet.controlplane.JoinKey;
import java.time.Instant;
import java.util.Optional;

/** Where keys are handed over: at most one for each holder. */
public interface JoinKeyRecords {

    /** Something else has the Secret's name: it is neither read, overwritten nor deleted. */
    final class NameTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NameTaken(String secretName) {
            super("there is a Secret " + secretName + " that does not belong to this resource");
        }
    }

    /**
     * The key on record.
     *
     * @throws NameTaken when the Secret is somebody else's
     */
    Optional<JoinKeyRecord> find(JoinKeyHolder holder);

    /**
     * Records a new key; never overwrites one.
     *
     * @throws NameTaken when there is a Secret of that name by now
     */
    JoinKeyRecord create(JoinKeyHolder holder, JoinKey key, Instant expires, String place);

    /** Deletes the record, unless it is another by now. One that is gone already is a success. */
    void delete(JoinKeyHolder holder, JoinKeyRecord recorded);
}
