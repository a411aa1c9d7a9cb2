package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.List;

/**
 * Finds what is wrong with a fragment by itself, before it is merged with others. The service accepts or refuses the whole
 * file: one user's slip, found only there, would hold up everybody's changes, and the message would reach the wrong
 * person. Whether names that the fragment uses exist is not asked here; another fragment may define them.
 *
 * <p>What the service accepts is never refused, sensible or not. Where it has a text for a mistake, the problem contains
 * that text.
 */
public final class FragmentChecker {

    private FragmentChecker() {}

    /**
     * Each problem with its path and what to do about it; empty if there is none.
     *
     * @param syntax whose rules hold where the policy goes
     */
    public static List<FragmentProblem> check(PolicyFragment fragment, PolicySyntax syntax) {
        Problems problems = new Problems();
        fragment.content().properties().forEach(section -> {
            JsonNode value = section.getValue();
            if (!value.isNull()) {
                Section.of(section.getKey()).ifPresent(known -> check(known, value, problems, syntax));
            }
        });
        return problems.found();
    }

    private static void check(Section section, JsonNode value, Problems problems, PolicySyntax syntax) {
        NamedThingsCheck named = new NamedThingsCheck(problems, syntax);
        RulesCheck rules = new RulesCheck(problems, syntax);
        SshCheck ssh = new SshCheck(problems);
        TestsCheck tests = new TestsCheck(problems);
        String path = section.spelling();
        switch (section) {
            case GROUPS -> named.groups(path, value);
            case HOSTS -> named.hosts(path, value);
            case TAG_OWNERS -> named.tagOwners(path, value);
            case AUTO_APPROVERS -> named.autoApprovers(path, value);
            case IPSETS, POSTURES -> named.stringLists(path, value);
            case DEFAULT_SRC_POSTURE -> problems.strings(path, value);
            case ACLS -> problems.eachObject(path, value, rules::acl);
            case GRANTS -> problems.eachObject(path, value, rules::grant);
            case NODE_ATTRS -> problems.eachObject(path, value, rules::nodeAttr);
            case SSH -> problems.eachObject(path, value, ssh::rule);
            case TESTS -> problems.eachObject(path, value, tests::test);
            case SSH_TESTS -> problems.eachObject(path, value, tests::sshTest);
            case ATTR_CONFIG, DERP_MAP, DISABLE_IPV4, ONE_CGNAT_ROUTE, RANDOMIZE_CLIENT_PORT ->
                type(section, value, problems);
        }
    }

    private static void type(Section section, JsonNode value, Problems problems) {
        if (value.getNodeType() != section.type()) {
            String wanted = section.type() == JsonNodeType.OBJECT
                    ? "an object {...}"
                    : section.type() == JsonNodeType.BOOLEAN ? "true or false" : "a string";
            problems.add(section.spelling(), "must be " + wanted + ", not " + Problems.kind(value));
        }
    }
}
