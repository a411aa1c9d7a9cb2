package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.NodeAttrs;
import com.xonetwork.tailnet.policy.model.Selector;
import java.util.List;

/** {@code nodeAttrs}. Entries without attributes or without targets, and attributes that nobody knows, are accepted. */
final class NodeAttrChecks {

    private static final IpPrefix TAILNET = IpPrefix.of("100.64.0.0/10");

    /** What the client itself uses: its DNS server, and Chrome OS's virtual machines (tailscale.com/kb/1304). */
    private static final List<IpPrefix> RESERVED =
            List.of(IpPrefix.of("100.100.0.0/24"), IpPrefix.of("100.100.100.0/24"), IpPrefix.of("100.115.92.0/23"));

    private final Judge judge;

    NodeAttrChecks(Judge judge) {
        this.judge = judge;
    }

    void entry(NodeAttrs entry) {
        for (Located<Selector> target : entry.target()) {
            if (target.value().isAutogroup(Autogroup.SELF)) {
                judge.stumble(target.span());
            } else {
                judge.resolves(target, "nodeAttrs", "");
            }
        }
        judge.malformedWithin(entry.span());
        entry.ipPool().forEach(this::pool);
    }

    private void pool(Located<IpPrefix> pool) {
        String place = "IPPool(" + pool.value() + "): ";
        if (!TAILNET.range().contains(pool.value().range())) {
            judge.reject(pool.span(), place + "network not within " + TAILNET);
        } else if (RESERVED.stream()
                .anyMatch(reserved -> reserved.range().overlaps(pool.value().range()))) {
            judge.reject(pool.span(), place + "network within reserved range");
        }
    }
}
