package com.xonetwork.tailnet.policy.model;

/**
 * A part of the policy's text: offsets as in {@link com.xonetwork.tailnet.policy.hujson.HuValue}, from which the document
 * makes line and column, or a path.
 */
public record Span(int start, int end) {}
