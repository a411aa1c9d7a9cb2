package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.status.ConditionType.PUBLISHED;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of an AclPolicy.
 *
 * @param sections of the policy file that it contributes to
 * @param impact what would change if it were published; null when it is in force or that is not known
 * @param byMerge whether the AclPolicies together decide about it, so that another one may make it right
 */
record AclPolicyPlan(
        List<Fact> facts, List<String> sections, @Nullable PolicyImpact impact, boolean byMerge) {

    /** What is wrong only until the rest of an apply comes, if it does: a group, tag or host that another AclPolicy defines. */
    Set<Reason> settling() {
        return byMerge ? Set.of(Reason.INVALID, Reason.CONFLICT, Reason.HELD) : Set.of();
    }

    /** Whether it is refused now and may be right with the next look. */
    boolean mayFollow() {
        return facts.stream().anyMatch(fact -> settling().contains(fact.reason()));
    }

    /** What Ready says when nothing is wrong: something may still keep it from being published. */
    String ready() {
        return facts.stream()
                .filter(fact -> fact.type() == PUBLISHED && !Condition.TRUE.equals(fact.status()))
                .findFirst()
                .map(published -> "accepted; this version is not published: " + published.message())
                .orElse("accepted and in force");
    }
}
