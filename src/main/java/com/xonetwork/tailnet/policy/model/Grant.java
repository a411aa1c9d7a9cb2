package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import java.util.List;

/**
 * A rule of {@code grants}.
 *
 * @param index its place in the section, from 0
 * @param app what applications may be told about the sources, in the order of the text
 * @param via the routers through which alone the destinations are reached; tags, if the policy is valid
 */
public record Grant(
        int index,
        List<Located<Selector>> src,
        List<Located<Selector>> dst,
        List<Located<PortSpec>> ip,
        List<Capability> app,
        List<Located<Selector>> via,
        List<Located<String>> srcPosture,
        Span span) {

    public Grant {
        src = List.copyOf(src);
        dst = List.copyOf(dst);
        ip = List.copyOf(ip);
        app = List.copyOf(app);
        via = List.copyOf(via);
        srcPosture = List.copyOf(srcPosture);
    }

    /**
     * @param name {@code example.com/cap/name}
     * @param parameters opaque to us; a list, if the policy is valid
     */
    public record Capability(String name, HuValue parameters, Span span) {}
}
