package com.xonetwork.tailnet.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.BoundedJson;
import com.xonetwork.tailnet.policy.document.FragmentChecker;
import com.xonetwork.tailnet.policy.document.FragmentProblem;
import com.xonetwork.tailnet.policy.document.PolicyFragment;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.pure.Pure;
import java.util.List;

/** Reads an AclPolicy as the part of a policy file that it is. */
@Pure
final class Fragments {

    private Fragments() {}

    /** What an AclPolicy says, or why it cannot be used. */
    sealed interface Read {

        /** Well formed by itself; it may still clash with others. */
        record Usable(PolicyFragment fragment) implements Read {}

        /** @param problems at least one, each with where and what to do */
        record Unusable(List<String> problems) implements Read {
            String message() {
                return String.join("; ", problems);
            }
        }
    }

    /** @param syntax of the Tailnet; of the loosest one while that is not known */
    static Read read(AclPolicy policy, PolicySyntax syntax) {
        ObjectNode content;
        try {
            content = content(policy);
        } catch (PolicySyntaxException e) {
            return new Read.Unusable(List.of("spec.hujson: " + e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Read.Unusable(List.of(String.valueOf(e.getMessage())));
        }
        PolicyFragment fragment;
        try {
            fragment = new PolicyFragment(
                    policy.getMetadata().getName(), policy.getSpec().priority(), content);
        } catch (IllegalArgumentException e) {
            return new Read.Unusable(List.of(String.valueOf(e.getMessage())));
        }
        var problems = FragmentChecker.check(fragment, syntax);
        return problems.isEmpty()
                ? new Read.Usable(fragment)
                : new Read.Unusable(problems.stream()
                        .map(problem -> located(policy, problem))
                        .toList());
    }

    /** A problem has its path; a text has lines besides. */
    private static String located(AclPolicy policy, FragmentProblem problem) {
        return policy.getSpec().hujson() == null
                ? problem.message()
                : WrittenPlaces.line(policy.getSpec().hujson(), problem.path()) + ": " + problem.message();
    }

    private static ObjectNode content(AclPolicy policy) {
        var spec = policy.getSpec();
        if (spec.hujson() != null) {
            return PolicyText.parse(spec.hujson());
        }
        if (spec.fragment() instanceof ObjectNode object) {
            return object;
        }
        if (BoundedJson.PASSED_OVER.equals(spec.fragment())) {
            throw new IllegalArgumentException("spec.fragment has more than " + BoundedJson.OfPolicy.MOST_BYTES
                    + " bytes or "
                    + BoundedJson.OfPolicy.MOST_VALUES + " values, or is nested more than " + BoundedJson.DEEPEST
                    + " levels deep. Split it into several AclPolicies");
        }
        throw new IllegalArgumentException("spec.fragment must be an object with the sections of a policy file");
    }
}
