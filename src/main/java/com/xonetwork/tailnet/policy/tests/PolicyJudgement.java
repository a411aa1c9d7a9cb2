package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.Finding;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the service would answer to a policy that is set on a tailnet: validation, then, if that is fine, the tests. */
public final class PolicyJudgement {

    private PolicyJudgement() {}

    public static Verdict of(Policy policy, CompiledPolicy compiled) {
        Verdict validation =
                PolicyValidator.validate(policy, domains(compiled.index().topology()));
        if (!validation.accepted()) {
            return validation;
        }
        List<Finding> failures = new ArrayList<>();
        for (TestFailure failure : PolicyTests.run(policy, compiled)) {
            failures.add(new Finding(400, PolicyTests.FAILED, failure.span()));
        }
        return new Verdict(failures, validation.warnings());
    }

    /**
     * A tailnet belongs to the domain of its owner, or of whoever came first where nobody is called the owner; users of
     * other domains are guests (ssh-d1: {@code example.org} has a user and is not associated).
     */
    static Domains domains(Topology topology) {
        List<TopologyUser> users = topology.users();
        Optional<TopologyUser> owner = users.stream()
                .filter(user -> user.role().equals("owner"))
                .findFirst()
                .or(() -> users.stream().findFirst());
        return owner.map(user -> Domains.of(Set.of(user.domain()))).orElse(Domains.UNKNOWN);
    }
}
