package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.CheckPeriod;
import java.util.List;

/**
 * {@code ssh} rules. The service lets many odd ones pass (no src, blanks around an action, users that are no users); so
 * do we, and refuse only what it refuses.
 */
final class SshCheck {

    private final Problems problems;

    SshCheck(Problems problems) {
        this.problems = problems;
    }

    void rule(String path, ObjectNode rule) {
        action(path, rule);
        users(path, rule);
        problems.strings(path + ".src", Problems.field(rule, "src"));
        problems.strings(path + ".dst", Problems.field(rule, "dst"));
        problems.strings(path + ".srcPosture", Problems.field(rule, "srcPosture"));
        if (problems.strings(path + ".acceptEnv", Problems.field(rule, "acceptEnv"))
                .contains("")) {
            problems.add(path, "acceptEnv values cannot be empty; remove the empty string");
        }
    }

    private void action(String path, ObjectNode rule) {
        String action = problems.string(path + ".action", Problems.field(rule, "action"));
        if (action == null) {
            return;
        }
        switch (action.strip()) {
            case "" -> problems.add(path, "action must be specified; use \"accept\" or \"check\"");
            case "accept" -> {}
            case "check" -> checkPeriod(path, rule);
            default -> problems.add(path, Quoted.of(action) + " is not a valid action; use \"accept\" or \"check\"");
        }
    }

    private void users(String path, ObjectNode rule) {
        JsonNode value = Problems.field(rule, "users");
        List<String> users = problems.strings(path + ".users", value);
        if (value == null || (value.isArray() && value.isEmpty())) {
            problems.add(path, "users must be specified; name login users, like \"root\" or \"autogroup:nonroot\"");
        }
        for (String user : users) {
            if (user.isEmpty() || user.equals("*")) {
                problems.add(
                        path + ".users",
                        "user " + Quoted.of(user)
                                + " is not valid; name login users, or use \"autogroup:nonroot\" for all but root");
            }
        }
    }

    private void checkPeriod(String path, ObjectNode rule) {
        String period = problems.string(path + ".checkPeriod", Problems.field(rule, "checkPeriod"));
        if (period != null && !period.isEmpty() && !period.equals("always")) {
            CheckPeriod.problemWith(period)
                    .ifPresent(problem -> problems.add(
                            path, problem + "; give a duration like \"12h\", up to \"168h\", or \"always\""));
        }
    }
}
