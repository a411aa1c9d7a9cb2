package com.xonetwork.tailnet.controlplane;

/**
 * A policy file as stored by the control plane.
 *
 * @param text HuJSON, as the service keeps it
 * @param etag opaque; goes back into {@link PolicyPrecondition.Matches}. An adapter for a service without ETags makes it
 *     from the text
 */
public record PolicyDocument(String text, String etag) {

    /** About what a value takes while it is read, however few bytes it is written in. */
    private static final int BYTES_OF_VALUE = 160;

    /** Bytes that the text takes, and at most what is read of it. Commas in comments and texts count too. */
    public long weight() {
        var values = text.chars().filter(c -> c == ',' || c == '[' || c == '{').count() + 1;
        return 2L * text.length() + values * BYTES_OF_VALUE;
    }
}
