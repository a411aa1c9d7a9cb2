package com.xonetwork.tailnet.policy.model;

/**
 * Something that could not be read.
 *
 * @param span where
 * @param message what is wrong; in the words of the service where it has some
 */
public record Problem(Span span, String message) {}
