package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.captures.Verdict;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.tests.PolicyJudgement;

/** What the whole engine says to a policy: validation, then its own tests. */
final class EngineJudge {

    private EngineJudge() {}

    static Verdict judge(Policy policy, CompiledPolicy compiled) {
        var verdict = PolicyJudgement.of(policy, compiled);
        return verdict.accepted() ? Verdict.ACCEPTED : Verdict.rejected(verdict.message());
    }
}
