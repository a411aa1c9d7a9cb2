package com.xonetwork.tailnet.simulator;

import java.util.Set;

/**
 * Who calls.
 *
 * @param label for the ledger; carries nothing secret
 * @param keyId the credential's own key id, which it may always look at
 * @param tags what an OAuth client may hand out; empty for no limit
 * @param tailnetOwned true for an OAuth client, false for a user's API access token
 */
record Caller(String label, String keyId, Scopes scopes, Set<String> tags, boolean tailnetOwned) {

    /** Calls with no credential, where none is needed or none was sent. */
    static final Caller NOBODY = new Caller("none", "", Scopes.of(), Set.of(), false);

    /** Calls with a credential that is not, or no longer, good. */
    static final Caller STRANGER = new Caller("invalid", "", Scopes.of(), Set.of(), false);

    Caller {
        tags = Set.copyOf(tags);
    }
}
