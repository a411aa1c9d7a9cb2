package com.xonetwork.tailnet.controlplane;

/**
 * A policy file as stored by the control plane.
 *
 * @param text HuJSON, as the service keeps it
 * @param etag opaque; goes back into {@link PolicyPrecondition.Matches}. An adapter for a service without ETags makes it
 *     from the text
 */
public record PolicyDocument(String text, String etag) {}
