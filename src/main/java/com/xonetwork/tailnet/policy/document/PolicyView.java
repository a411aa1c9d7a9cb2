package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a whole policy means, as far as it can be said without devices and users. Answers the questions that decide
 * whether a policy may be published: is it another one than the service has, would it open or empty the tailnet.
 *
 * @param policy with section names in canonical spelling; not to be changed
 */
public record PolicyView(ObjectNode policy) {

    /** @throws IllegalArgumentException if the policy has two spellings of one section */
    public PolicyView {
        policy = Section.canonicalNames(policy);
    }

    /**
     * Of a policy as text.
     *
     * @throws PolicySyntaxException as {@link PolicyText#parse}
     */
    public static PolicyView of(String hujson) {
        return new PolicyView(PolicyText.parse(hujson));
    }

    /** The tags that exist in this tailnet: a tag without an owner line cannot be given to any device. */
    public SortedSet<String> tags() {
        SortedSet<String> tags = new TreeSet<>();
        policy.path(Section.TAG_OWNERS.spelling()).properties().forEach(field -> tags.add(field.getKey()));
        return Collections.unmodifiableSortedSet(tags);
    }

    /**
     * Whether every device may reach every other. That is what the service makes of a policy without rules, and it is
     * seldom what somebody meant who removed the last rule. An empty list of rules is the opposite: nobody reaches anybody.
     */
    public boolean allowsEverything() {
        return absent(Section.ACLS) && absent(Section.GRANTS);
    }

    /** Whether the policy says nothing at all: to the service the same as {@code {}}. */
    public boolean isBlank() {
        return allowsEverything()
                && policy.valueStream()
                        .allMatch(value -> value.isNull() || (value.isContainerNode() && value.isEmpty()));
    }

    /**
     * SHA-256 in hex over what the policy says, and not over how it is written: formatting, comments, order of keys, and
     * the order of members in groups, tag owners and auto-approvers (which the service itself changes) do not count. The
     * order of rules does.
     */
    public String fingerprint() {
        try {
            byte[] form = CanonicalForm.ofPolicy(policy).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(form));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Whether both say the same, however written. */
    public boolean sameAs(PolicyView other) {
        return CanonicalForm.ofPolicy(policy).equals(CanonicalForm.ofPolicy(other.policy));
    }

    private boolean absent(Section section) {
        JsonNode value = policy.path(section.spelling());
        return value.isMissingNode() || value.isNull();
    }
}
