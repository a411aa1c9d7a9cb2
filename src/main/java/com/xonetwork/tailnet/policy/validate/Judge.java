package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Malformed;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Problem;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.Selector.AutogroupName;
import com.xonetwork.tailnet.policy.model.Selector.Group;
import com.xonetwork.tailnet.policy.model.Selector.Host;
import com.xonetwork.tailnet.policy.model.Selector.IpSetName;
import com.xonetwork.tailnet.policy.model.Selector.Tag;
import com.xonetwork.tailnet.policy.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the checks share: the policy, what they have found so far, and whether names lead anywhere. */
final class Judge {

    private final Policy policy;
    private final Domains domains;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** What could not be read and is not said yet, by where it begins. */
    private final NavigableMap<Integer, Unsaid> malformed = new TreeMap<>();

    private record Unsaid(Span span, Malformed problem) {}

    Judge(Policy policy, Domains domains) {
        this.policy = policy;
        this.domains = domains;
        policy.malformed().forEach((span, problem) -> malformed.put(span.start(), new Unsaid(span, problem)));
        // A test of a destination that cannot be read fails, and that is all that the service says of it.
        policy.tests()
                .forEach(test -> Stream.of(test.accept(), test.deny())
                        .flatMap(List::stream)
                        .forEach(to -> malformed.remove(to.span().start())));
    }

    Policy policy() {
        return policy;
    }

    Verdict verdict() {
        return new Verdict(findings, warnings);
    }

    void reject(Span span, String message) {
        findings.add(Finding.rejection(span, message));
    }

    void stumble(Span span) {
        findings.add(new Finding(500, "internal server error", span, false));
    }

    void warn(Span span, String message) {
        warnings.add(new Problem(span, message));
    }

    /** Rejects what could not be read, with what stands before the problem in the service's message. */
    boolean malformed(Span span, String prefix) {
        Unsaid unsaid = malformed.remove(span.start());
        if (unsaid != null) {
            findings.add(Finding.malformed(span, prefix, unsaid.problem()));
        }
        return unsaid != null;
    }

    /** Rejects all that could not be read within an entry and is not said yet; whether there was any. */
    boolean malformedWithin(Span entry) {
        NavigableMap<Integer, Unsaid> within = within(entry);
        boolean any = !within.isEmpty();
        within.values().forEach(unsaid -> findings.add(Finding.malformed(unsaid.span(), "", unsaid.problem())));
        within.clear();
        return any;
    }

    private NavigableMap<Integer, Unsaid> within(Span entry) {
        return malformed.subMap(entry.start(), true, entry.end(), false);
    }

    /** Why a selector that names something defined elsewhere in the policy leads nowhere; empty if it does not. */
    Optional<String> unresolved(Selector selector) {
        return switch (selector) {
            case Tag tag -> policy.tagOwners().containsKey(tag.name()) ? Optional.empty() : notFound("tag", tag.name());
            case Group group -> isGroup(group.name()) ? Optional.empty() : notFound("group", group.name());
            case IpSetName set ->
                policy.ipsets().containsKey(set.name()) ? Optional.empty() : notFound("ipset", set.name());
            case Host host ->
                policy.hosts().containsKey(host.name())
                        ? Optional.empty()
                        : Optional.of(GoText.quote(host.name()) + ": invalid address");
            case AutogroupName autogroup ->
                autogroup.group().isPresent()
                        ? Optional.empty()
                        : Optional.of("unknown autogroup " + GoText.quote(autogroup.name()));
            case Selector.Range range -> Optional.of(GoText.quote(range.text()) + ": invalid address");
            default -> Optional.empty();
        };
    }

    private static Optional<String> notFound(String kind, String name) {
        return Optional.of(kind + " not found: " + GoText.quote(name));
    }

    /** A group of a directory ({@code group:x@example.com}) is not in the file; one that does not exist is a warning. */
    private boolean isGroup(String name) {
        return policy.groups().containsKey(name) || name.contains("@");
    }

    /**
     * @param section as the service puts it in front of the message; empty where it puts none
     * @return the message if the domain does not belong to the tailnet
     */
    Optional<String> foreignDomain(String section, String domain) {
        return domains.mayHave(domain)
                ? Optional.empty()
                : Optional.of((section.isEmpty() ? "" : "[" + section + "] ") + domain
                        + " is not associated with this Tailnet and cannot be used in user:*@<domain> expressions");
    }

    /** Rejects sources and the like that lead nowhere. */
    void resolves(Located<Selector> located, String section, String prefix) {
        if (located.value() instanceof Selector.UserDomain users) {
            foreignDomain(section, users.domain()).ifPresent(problem -> reject(located.span(), problem));
        }
        unresolved(located.value()).ifPresent(problem -> reject(located.span(), prefix + problem));
    }
}
