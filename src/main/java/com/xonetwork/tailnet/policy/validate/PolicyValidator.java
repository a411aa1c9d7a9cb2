package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Problem;
import com.xonetwork.tailnet.policy.model.Span;

/**
 * Judges a policy as the service does when it is set, except for its tests. Names first, then the rules in the order of
 * their sections; which error the service reports when there are several is known from captures only within a rule.
 */
public final class PolicyValidator {

    private PolicyValidator() {}

    public static Verdict validate(Policy policy, Domains domains) {
        Judge judge = new Judge(policy, domains);
        for (Problem problem : policy.structural()) {
            judge.reject(problem.span(), problem.message());
        }
        for (Problem problem : policy.unknown()) {
            judge.warn(problem.span(), problem.message());
        }
        new NameChecks(judge).check();
        RuleChecks rules = new RuleChecks(judge);
        policy.acls().forEach(rules::acl);
        policy.grants().forEach(rules::grant);
        policy.ssh().forEach(new SshChecks(judge)::rule);
        policy.nodeAttrs().forEach(new NodeAttrChecks(judge)::entry);
        policy.sshTests().forEach(new SshChecks(judge)::test);
        judge.malformedWithin(new Span(0, Integer.MAX_VALUE));
        new Lint(judge).check();
        return judge.verdict();
    }
}
