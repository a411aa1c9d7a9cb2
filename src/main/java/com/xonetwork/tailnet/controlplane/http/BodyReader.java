package com.xonetwork.tailnet.controlplane.http;

import java.io.IOException;
import java.io.InputStream;

/** Reads the body of a good answer while it arrives: what a large answer is made of is never there all at once. */
@FunctionalInterface
public interface BodyReader {

    /**
     * Called once for each try of the call, on the calling thread, and begins anew each time. What it read counts only when the call
     * has succeeded: an answer that breaks off after all was read is no answer.
     *
     * @param answer status and headers; it has no body
     * @param body to be read to its end
     * @throws com.xonetwork.tailnet.controlplane.ControlPlaneException for an answer that is of no use
     */
    void read(Answer answer, InputStream body) throws IOException;
}
