package com.xonetwork.tailnet.policy.topology;

/**
 * A person of the tailnet.
 *
 * @param id the control plane's; only for reading
 * @param name unique; what a node's {@code user} says
 * @param email the login name, as policies write users; the name if there is none
 * @param role {@code owner}, {@code admin}, {@code it-admin}, {@code billing-admin}, {@code network-admin},
 *     {@code auditor} or {@code member}, for {@code autogroup:<role>}
 */
public record TopologyUser(String id, String name, String email, String role) {

    public static final String MEMBER = "member";

    public TopologyUser {
        email = email.isEmpty() ? name : email;
        role = role.isEmpty() ? MEMBER : role;
    }

    /** What stands before the {@code @}. */
    public String localPart() {
        int at = email.indexOf('@');
        return at < 0 ? email : email.substring(0, at);
    }

    /** What stands after the {@code @}; empty if there is none. */
    public String domain() {
        int at = email.indexOf('@');
        return at < 0 ? "" : email.substring(at + 1);
    }
}
