package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.model.Problem;
import java.util.List;

/**
 * Whether a policy would be accepted.
 *
 * @param findings in the order in which the service looks: it answers with the first
 * @param warnings what is accepted and probably not meant
 */
public record Verdict(List<Finding> findings, List<Problem> warnings) {

    private static final int OK = 200;

    public Verdict {
        findings = List.copyOf(findings);
        warnings = List.copyOf(warnings);
    }

    public boolean accepted() {
        return findings.isEmpty();
    }

    /** As in the service's HTTP answer. */
    public int status() {
        return accepted() ? OK : findings.getFirst().status();
    }

    /** As in the body of the service's answer; empty if the policy is accepted. */
    public String message() {
        return accepted() ? "" : findings.getFirst().message();
    }
}
