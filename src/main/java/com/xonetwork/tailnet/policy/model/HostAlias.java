package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/**
 * An entry of {@code hosts}.
 *
 * @param value an address or a prefix; empty if it is neither
 * @param written the value as it stands there
 */
public record HostAlias(String name, Optional<IpPrefix> value, String written, Span span) {}
