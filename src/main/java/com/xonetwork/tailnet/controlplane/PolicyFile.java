package com.xonetwork.tailnet.controlplane;

import java.util.List;
import java.util.Optional;

/** The policy file of a tailnet. */
public non-sealed interface PolicyFile extends Port {

    /** The policy file now in force; empty only when the service says that none was ever set. */
    Optional<PolicyDocument> read();

    /**
     * Has the service parse and test a policy without storing it. Needs {@link Capability#POLICY_VALIDATE}.
     *
     * @param hujson the policy text
     * @return the service's own messages; empty when it would accept the policy
     */
    List<String> validate(String hujson);

    /**
     * Replaces the policy file if the condition holds.
     *
     * @throws ControlPlaneException.Conflict when the policy in force is not the one the condition names
     * @throws ControlPlaneException.Rejected when the policy is malformed or its tests fail
     */
    PolicyDocument publish(String hujson, PolicyPrecondition precondition);
}
