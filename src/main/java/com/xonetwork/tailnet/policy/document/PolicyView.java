package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a whole policy means, as far as it can be said without devices and users. Answers the questions that decide
 * whether a policy may be published: is it another one than the service has, would it open or empty the tailnet.
 *
 * @param policy with section names in canonical spelling; not to be changed
 */
public record PolicyView(ObjectNode policy) {

    private static final List<String> NAMES = List.of("groups", "hosts", "ipsets", "postures");
    private static final String POSTURE = "defaultSrcPosture";
    private static final List<String> RULES = List.of("acls", "grants");

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

    /**
     * Whether nobody can lose anything when this takes the other's place, as far as that can be seen without devices: all
     * its rules are here, and what they name means the same. Says {@code false} when in doubt.
     */
    public boolean keepsRulesOf(PolicyView other) {
        return NAMES.stream().allMatch(section -> keepsNames(other.policy.path(section), policy.path(section)))
                && RULES.stream().allMatch(section -> keepsRules(other.policy.path(section), policy.path(section)))
                && isSame(other.policy.path(POSTURE), policy.path(POSTURE))
                && !other.allowsEverything();
    }

    private static boolean keepsNames(JsonNode before, JsonNode now) {
        return before.isObject()
                ? before.propertyStream()
                        .allMatch(field -> now.has(field.getKey()) && isSame(field.getValue(), now.get(field.getKey())))
                : before.isEmpty() || isSame(before, now);
    }

    private static boolean keepsRules(JsonNode before, JsonNode now) {
        Set<String> kept = now.valueStream().map(CanonicalForm::of).collect(Collectors.toSet());
        return before.valueStream().map(CanonicalForm::of).allMatch(kept::contains);
    }

    private static boolean isSame(JsonNode before, JsonNode now) {
        return CanonicalForm.of(before).equals(CanonicalForm.of(now));
    }

    private boolean absent(Section section) {
        JsonNode value = policy.path(section.spelling());
        return value.isMissingNode() || value.isNull();
    }
}
