package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.hujson.HuJacksonTree;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.LineColumn;
import java.util.function.UnaryOperator;

/**
 * A policy or a fragment of one as a tree: what {@link HuJsonDocument} reads, with the names of known sections in canonical
 * spelling, without comments.
 *
 * <p>Any text whatever gives a tree or a {@link PolicySyntaxException}; size and nesting are bounded before they cost
 * memory or stack.
 */
public final class PolicyText {

    private PolicyText() {}

    /**
     * The policy in the text. Names of known sections come in canonical spelling ({@code "ACLs"} as {@code "acls"}), since
     * the service reads them without regard to case.
     *
     * @throws PolicySyntaxException if the text is not one JSON object in HuJSON, gives a key twice, is larger than 5 MiB
     *     or nested deeper than 100 levels
     */
    public static ObjectNode parse(String hujson) {
        try {
            if (hujson.length() <= HuJsonDocument.MAX_BYTES && HuJsonDocument.isBlank(hujson)) {
                throw new PolicySyntaxException(1, 1, "the policy is empty; the smallest one is {}");
            }
            HuJsonDocument document = HuJsonDocument.parse(hujson);
            if (document.root() instanceof HuObject policy) {
                return policy(document, policy);
            }
            throw at(document, document.root().start(), "a policy must be an object: { ... }");
        } catch (HuJsonSyntaxException e) {
            throw new PolicySyntaxException(e.line(), e.column(), e.problem());
        }
    }

    private static ObjectNode policy(HuJsonDocument document, HuObject policy) {
        return renamed(document, policy, Section::canonical, (name, value) -> {
            boolean approvers = name.equals(Section.AUTO_APPROVERS.spelling());
            return approvers && value instanceof HuObject fields
                    ? renamed(document, fields, Section::canonicalApprover, (n, v) -> HuJacksonTree.of(document, v))
                    : HuJacksonTree.of(document, value);
        });
    }

    /** Makes the tree of a member's value. */
    @FunctionalInterface
    private interface Tree {
        JsonNode of(String name, HuValue value);
    }

    private static ObjectNode renamed(
            HuJsonDocument document, HuObject object, UnaryOperator<String> names, Tree trees) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (HuMember member : object.members()) {
            String written = member.name().value();
            String name = names.apply(written);
            if (tree.has(name)) {
                throw at(
                        document,
                        member.name().start(),
                        Quoted.of(written) + " and " + Quoted.of(name)
                                + " are one name to the service, which ignores case; keep one");
            }
            tree.set(name, trees.of(name, member.value()));
        }
        return tree;
    }

    private static PolicySyntaxException at(HuJsonDocument document, int offset, String message) {
        LineColumn place = document.place(offset);
        return new PolicySyntaxException(place.line(), place.column(), message);
    }
}
