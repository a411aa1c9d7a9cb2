package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import java.util.ArrayList;
import java.util.List;

/** Runs all tests of a policy. */
public final class PolicyTests {

    /** What the service says of a policy that fails its tests, whichever and why. */
    public static final String FAILED = "test(s) failed";

    private PolicyTests() {}

    /** The tests that fail, in the order of the policy; none if all pass. */
    public static List<TestFailure> run(Policy policy, CompiledPolicy compiled) {
        Parties parties = new Parties(policy, compiled.index(), compiled.selectors());
        List<TestFailure> failures = new ArrayList<>();
        NetworkTests network = new NetworkTests(policy, compiled.allowances(), parties);
        policy.tests().forEach(test -> network.run(test).ifPresent(failures::add));
        SshTests ssh = new SshTests(policy, parties);
        policy.sshTests().forEach(test -> ssh.run(test).ifPresent(failures::add));
        return failures;
    }
}
