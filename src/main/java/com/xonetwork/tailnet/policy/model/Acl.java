package com.xonetwork.tailnet.policy.model;

import java.util.List;
import java.util.Optional;

/**
 * A rule of {@code acls}.
 *
 * @param index its place in the section, from 0
 * @param action empty if none is given; only {@code accept} exists
 * @param protocol empty for what has none written
 * @param src {@code users} of old
 * @param dst {@code ports} of old
 * @param srcPosture names of postures, one of which a source must have; empty: {@code defaultSrcPosture} counts
 */
public record Acl(
        int index,
        String action,
        Optional<Located<Protocol>> protocol,
        List<Located<Selector>> src,
        List<Located<Destination>> dst,
        List<Located<String>> srcPosture,
        Span span) {

    public Acl {
        src = List.copyOf(src);
        dst = List.copyOf(dst);
        srcPosture = List.copyOf(srcPosture);
    }
}
