package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of {@code sshTests}: logins that the policy must let through, must let through after a check, or must refuse.
 *
 * @param index its place in the section, from 0
 * @param src empty if none is given
 * @param srcPostureAttrs what the source's device is supposed to report
 */
public record SshTest(
        int index,
        Optional<Located<Selector>> src,
        List<Located<Selector>> dst,
        List<Located<String>> accept,
        List<Located<String>> check,
        List<Located<String>> deny,
        Map<String, HuValue> srcPostureAttrs,
        Span span) {

    public SshTest {
        dst = List.copyOf(dst);
        accept = List.copyOf(accept);
        check = List.copyOf(check);
        deny = List.copyOf(deny);
        srcPostureAttrs = Map.copyOf(srcPostureAttrs);
    }
}
