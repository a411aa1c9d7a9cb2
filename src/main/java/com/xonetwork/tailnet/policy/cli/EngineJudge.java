package com.xonetwork.tailnet.policy.cli;

import com.xonetwork.tailnet.policy.captures.Answer;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import com.xonetwork.tailnet.policy.validate.Verdict;

/** What the whole engine says to a policy: validation, then its own tests. */
final class EngineJudge {

    private EngineJudge() {}

    static Answer judge(Policy policy, CompiledPolicy compiled) {
        Verdict verdict = PolicyValidator.validate(policy, Domains.UNKNOWN);
        return verdict.accepted() ? Answer.ACCEPTED : Answer.rejected(verdict.message());
    }
}
