package com.xonetwork.tailnet.document;

import java.util.Optional;

/**
 * What a planner decides about a document.
 *
 * @param <C> what must be true for a write to go ahead, the document's ETag for one
 */
public interface DocumentPlan<C> {

    /** A document to put in force. */
    interface Write<C> {

        /** Of its meaning, whatever the formatting: by it a claim and a failure are told apart from others. */
        String hash();

        /** What must still be true when it is written. Somebody else's write in between makes another condition. */
        C condition();
    }

    /** Empty when nothing is to be written. */
    Optional<? extends Write<C>> publication();

    /** Hash of the document in force when that is already as wanted: from now on it is this Tailnet's, without a write. */
    Optional<String> takenOver();
}
