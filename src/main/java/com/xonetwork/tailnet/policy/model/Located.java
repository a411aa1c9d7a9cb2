package com.xonetwork.tailnet.policy.model;

/**
 * A value and where the policy says it.
 *
 * @param written the text as it stands there, for messages
 */
public record Located<T>(T value, String written, Span span) {}
