package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.compile.Postures;
import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.SshRule;
import com.xonetwork.tailnet.policy.model.SshTest;
import com.xonetwork.tailnet.policy.model.SshUser;
import com.xonetwork.tailnet.policy.tests.Party.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sshTests}. Every source must be able to log in to every destination as every user that the test accepts. Only
 * {@code ssh} rules count: whether port 22 can be reached does not (sshtest-mixed-acls-tcp22-deny-ssh-rule-allow). A
 * destination that is a bare IPv6 address fails whatever the policy says, unlike in {@code tests}
 * (sshtest-malformed-dst-bare-ipv6).
 */
final class SshTests {

    private static final String ROOT = "root";

    private final Policy policy;
    private final Parties parties;

    SshTests(Policy policy, Parties parties) {
        this.policy = policy;
        this.parties = parties;
    }

    private enum Answer {
        ACCEPT,
        CHECK,
        DROP
    }

    Optional<TestFailure> run(SshTest test) {
        String source = test.src().map(src -> src.value().text()).orElse("");
        List<String> errors = new ArrayList<>();
        List<Party> from = test.src().map(src -> parties.of(src.value())).orElse(List.of());
        if (from.isEmpty()) {
            errors.add("src " + GoText.quote(source) + ": no such user, group, tag or host");
        }
        if (test.dst().isEmpty()) {
            errors.add("no destination in dst");
        }
        if (test.accept().isEmpty() && test.check().isEmpty() && test.deny().isEmpty()) {
            errors.add("no user in accept, check or deny");
        }
        Map<String, String> attributes = TestAttributes.of(test.srcPostureAttrs());
        for (Located<Selector> to : test.dst()) {
            List<Party> destinations = machines(to.value());
            if (destinations.isEmpty()) {
                errors.add("dst " + GoText.quote(to.written()) + ": no such user, tag or host");
            }
            for (Party destination : destinations) {
                for (Party party : from) {
                    Attempt attempt = new Attempt(party, destination, attributes);
                    test.accept().forEach(user -> attempt(attempt, to, user, Answer.ACCEPT, errors));
                    test.check().forEach(user -> attempt(attempt, to, user, Answer.CHECK, errors));
                    test.deny().forEach(user -> attempt(attempt, to, user, Answer.DROP, errors));
                }
            }
        }
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of(new TestFailure(source, errors.stream().distinct().toList(), test.span()));
    }

    private record Attempt(Party from, Party to, Map<String, String> attributes) {}

    /** Addresses must be those of machines, to be logged in to. */
    private List<Party> machines(Selector selector) {
        return parties.of(selector).stream()
                .filter(party -> !(party instanceof Place place)
                        || (place.node() >= 0 && !place.address().v6()))
                .toList();
    }

    private void attempt(
            Attempt attempt, Located<Selector> to, Located<String> user, Answer want, List<String> errors) {
        Answer got = answer(attempt, user.value());
        if (user.value().isEmpty() || got != want) {
            errors.add("user " + GoText.quote(user.value()) + " on " + GoText.quote(to.written()) + ": want: "
                    + name(want) + ", got: " + name(got));
        }
    }

    private static String name(Answer answer) {
        return switch (answer) {
            case ACCEPT -> "Accept";
            case CHECK -> "Check";
            case DROP -> "Drop";
        };
    }

    /** Rules that check come before rules that accept, wherever they stand. */
    private Answer answer(Attempt attempt, String user) {
        Answer answer = Answer.DROP;
        for (SshRule rule : policy.ssh()) {
            if (matches(rule, attempt, user)) {
                if (rule.action().equals(SshRule.CHECK)) {
                    return Answer.CHECK;
                }
                answer = Answer.ACCEPT;
            }
        }
        return answer;
    }

    private boolean matches(SshRule rule, Attempt attempt, String user) {
        return rule.src().stream().anyMatch(from -> parties.isSource(attempt.from(), from.value()))
                && rule.dst().stream().anyMatch(to -> leadsTo(attempt, to.value()))
                && rule.users().stream().anyMatch(allowed -> isUser(allowed.value(), attempt.from(), user))
                && Postures.hold(policy, postures(rule), attempt.attributes());
    }

    private boolean leadsTo(Attempt attempt, Selector to) {
        return to.isAutogroup(Autogroup.SELF)
                ? parties.sameUser(attempt.from(), attempt.to())
                : parties.isDestination(attempt.to(), to);
    }

    private boolean isUser(SshUser allowed, Party from, String user) {
        return switch (allowed) {
            case SshUser.Login login -> login.name().equals(user);
            case SshUser.NonRoot ignored -> !user.equals(ROOT);
            case SshUser.Localpart localpart ->
                parties.person(from)
                        .filter(person -> person.domain().equals(localpart.domain()))
                        .filter(person -> person.localPart().equals(user))
                        .isPresent();
        };
    }

    private List<String> postures(SshRule rule) {
        List<Located<String>> own = rule.srcPosture().isEmpty() ? policy.defaultSrcPosture() : rule.srcPosture();
        return own.stream().map(Located::value).toList();
    }
}
