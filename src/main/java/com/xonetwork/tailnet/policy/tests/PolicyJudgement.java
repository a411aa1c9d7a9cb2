package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Group;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Problem;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import com.xonetwork.tailnet.policy.validate.Domains;
import com.xonetwork.tailnet.policy.validate.Finding;
import com.xonetwork.tailnet.policy.validate.PolicyValidator;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the service would answer to a policy that is set on a tailnet: validation, then, if that is fine, the tests. For {@code hack/policy}
 * and the captures; the operator asks the two one by one.
 */
public final class PolicyJudgement {

    private PolicyJudgement() {}

    public static Verdict of(Policy policy, CompiledPolicy compiled) {
        Topology topology = compiled.index().topology();
        Verdict validation = PolicyValidator.validate(policy, domains(topology));
        List<Problem> warnings = new ArrayList<>(validation.warnings());
        warnings.addAll(strangers(policy, topology.users()));
        if (!validation.accepted()) {
            return new Verdict(validation.findings(), warnings);
        }
        List<Finding> failures = new ArrayList<>();
        for (TestFailure failure : PolicyTests.run(policy, compiled)) {
            failures.add(Finding.rejection(failure.span(), PolicyTests.FAILED));
        }
        return new Verdict(failures, warnings);
    }

    /**
     * Members of groups who are not in the tailnet: no error, because a group may be written before they come. In the words
     * in which the service warns ({@code GET acl?details=true}).
     */
    private static List<Problem> strangers(Policy policy, List<TopologyUser> users) {
        Set<String> logins = new HashSet<>();
        users.forEach(user -> {
            logins.add(user.email().toLowerCase(Locale.ROOT));
            // As Headscale writes users without a provider.
            logins.add(user.name().toLowerCase(Locale.ROOT) + "@");
        });
        List<Problem> warnings = new ArrayList<>();
        for (Group group : policy.groups().values()) {
            for (Located<Selector> member : group.members()) {
                boolean stranger = !users.isEmpty()
                        && member.value() instanceof Selector.User user
                        && !logins.contains(user.login().toLowerCase(Locale.ROOT));
                if (stranger) {
                    warnings.add(new Problem(
                            member.span(),
                            GoText.quote(group.name()) + ": user not found: "
                                    + GoText.quote(member.value().text())));
                }
            }
        }
        return warnings;
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
