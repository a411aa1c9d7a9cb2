package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code tests} and {@code sshTests}. A test that fails makes the service refuse the whole file, so tests that cannot
 * pass, whatever the policy, are found here. The others are for the service, which knows the devices.
 */
final class TestsCheck {

    private static final String FAILED = "test(s) failed";

    private final Problems problems;

    TestsCheck(Problems problems) {
        this.problems = problems;
    }

    void test(String path, ObjectNode test) {
        // "user" and "allow" are the names of old; the service still takes them.
        source(path, Problems.field(test, "src", "user"));
        problems.string(path + ".proto", Problems.field(test, "proto"));
        List<String> accept = problems.strings(path + ".accept", Problems.field(test, "accept", "allow"));
        List<String> deny = problems.strings(path + ".deny", Problems.field(test, "deny"));
        if (accept.isEmpty() && deny.isEmpty()) {
            problems.add(path, FAILED + ": give at least one \"host:port\" in \"accept\" or \"deny\"");
        }
    }

    void sshTest(String path, ObjectNode test) {
        source(path, Problems.field(test, "src"));
        problems.strings(path + ".dst", Problems.field(test, "dst"));
        List<String> accept = problems.strings(path + ".accept", Problems.field(test, "accept"));
        List<String> check = problems.strings(path + ".check", Problems.field(test, "check"));
        List<String> deny = problems.strings(path + ".deny", Problems.field(test, "deny"));
        if (accept.isEmpty() && check.isEmpty() && deny.isEmpty()) {
            problems.add(path, FAILED + ": give at least one login user in \"accept\", \"check\" or \"deny\"");
        }
    }

    private void source(String path, @Nullable JsonNode value) {
        String source = problems.string(path + ".src", value);
        if (source != null && source.isEmpty()) {
            problems.add(path, FAILED + ": \"src\" is missing; name one user, group, tag, host or address to test");
        }
    }
}
