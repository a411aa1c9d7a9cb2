package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import java.util.List;
import java.util.Optional;

/**
 * An entry of {@code nodeAttrs}.
 *
 * @param index its place in the section, from 0
 * @param app parameters of app connectors and the like, opaque to us
 * @param ipPool from where the targets get their addresses; what could not be read is noted and left out
 */
public record NodeAttrs(
        int index,
        List<Located<Selector>> target,
        List<Located<String>> attr,
        Optional<HuValue> app,
        List<Located<IpPrefix>> ipPool,
        Span span) {

    public NodeAttrs {
        target = List.copyOf(target);
        attr = List.copyOf(attr);
        ipPool = List.copyOf(ipPool);
    }
}
