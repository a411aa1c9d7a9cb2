package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of {@code tests}: connections that the policy must let through, and some that it must not.
 *
 * @param index its place in the section, from 0
 * @param src {@code user} of old; empty if none is given
 * @param protocol empty if none is given: TCP or UDP
 * @param accept {@code allow} of old
 * @param srcPostureAttrs what the source's device is supposed to report
 */
public record PolicyTest(
        int index,
        Optional<Located<Selector>> src,
        Optional<Located<Protocol>> protocol,
        List<Located<Destination>> accept,
        List<Located<Destination>> deny,
        Map<String, HuValue> srcPostureAttrs,
        Span span) {

    public PolicyTest {
        accept = List.copyOf(accept);
        deny = List.copyOf(deny);
        srcPostureAttrs = Map.copyOf(srcPostureAttrs);
    }
}
