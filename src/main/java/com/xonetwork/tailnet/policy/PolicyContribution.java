package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.Optional;
import java.util.Set;

/**
 * A part of the policy file that follows from other resources than AclPolicies: the auto-approvers that follow from routes, for
 * example. The policy file has one writer, the Tailnet; a kind that needs something in it contributes that, and writes nothing.
 *
 * <p>What is contributed is merged after all AclPolicies. It is published only together with an enforced AclPolicy: without one the
 * policy file is not touched. A contribution that contradicts an AclPolicy keeps the policy in force as it is, and the Tailnet's
 * {@code PolicyInSync} says so.
 *
 * <p>A value, made anew for each reconciliation; equal contributions make equal policies.
 */
public interface PolicyContribution {

    /**
     * The resources that it follows from, as messages name them: {@code SubnetRoutes and ExitNodes}. It begins with a capital letter,
     * so it cannot be the name of an AclPolicy, and no other contribution to the same Tailnet has it.
     */
    String origin();

    /**
     * Why it is not known yet, in words for a condition. The policy in force stays as it is meanwhile: without this part it would lose
     * what is published of it. Empty when it is known.
     */
    default Optional<String> unknown() {
        return Optional.empty();
    }

    /**
     * The piece of a policy file.
     *
     * @param ownedTags that AclPolicies give an owner: the service refuses a policy that names another tag
     * @param syntax of the Tailnet; the loosest while that is not known
     * @return empty when there is nothing to add
     */
    Optional<ObjectNode> fragment(Set<String> ownedTags, PolicySyntax syntax);

    /** One that is not known yet. @param why in words for a condition */
    static PolicyContribution unknown(String origin, String why) {
        return new UnknownContribution(origin, why);
    }
}
