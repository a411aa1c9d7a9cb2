package com.xonetwork.tailnet.document;

import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.util.Optional;

/**
 * What a kind of document does in its own way when a plan is performed; {@link TailnetDocument} does the rest.
 *
 * @param <T> the document as the control plane stores it
 * @param <P> the kind's plan
 */
public interface DocumentSteps<T, P> {

    /**
     * Writes what the plan wants, in as many calls as the kind needs.
     *
     * @return the document as it is stored now
     * @throws ControlPlaneException.Conflict when the condition does not hold
     */
    T write(ControlPlane controlPlane, P plan);

    /** A write was tried. @param failure what went wrong; empty when nothing did */
    void tried(Optional<ControlPlaneException> failure);

    /** Notes, where a restart does not lose it, that the document is this Tailnet's from now on. @param hash of what it says */
    void claim(String hash);

    /** The document was written and claimed: Events. */
    void published(P plan);
}
