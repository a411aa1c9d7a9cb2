package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.Selector.AutogroupName;
import com.xonetwork.tailnet.policy.model.SshRule;
import com.xonetwork.tailnet.policy.model.SshTest;
import com.xonetwork.tailnet.policy.model.SshUser;

/**
 * {@code ssh} and the form of {@code sshTests}. The service lets many odd rules pass (no src, users that are no users,
 * periods of no length): so do we.
 */
final class SshChecks {

    private final Judge judge;

    SshChecks(Judge judge) {
        this.judge = judge;
    }

    void rule(SshRule rule) {
        switch (rule.action()) {
            case SshRule.ACCEPT, SshRule.CHECK -> {}
            case "" -> judge.reject(rule.span(), "action must be specified");
            default -> judge.reject(rule.span(), GoText.quote(rule.action()) + " is not a valid action");
        }
        rule.src().forEach(this::source);
        rule.dst().forEach(to -> target(rule, to));
        users(rule);
        judge.malformedWithin(rule.span());
        rule.checkPeriod()
                .ifPresent(
                        period -> period.value().problem().ifPresent(problem -> judge.reject(period.span(), problem)));
        for (Located<String> variable : rule.acceptEnv()) {
            if (variable.value().isEmpty()) {
                judge.reject(variable.span(), "acceptEnv values cannot be empty");
            }
        }
    }

    private void source(Located<Selector> source) {
        boolean allowed = switch (source.value()) {
            case Selector.User ignored -> true;
            case Selector.UserDomain ignored -> true;
            case Selector.Group ignored -> true;
            case Selector.Tag ignored -> true;
            case AutogroupName name ->
                name.group().isEmpty()
                        || name.is(Autogroup.TAGGED)
                        || name.group().get().isRole();
            default -> false;
        };
        if (allowed) {
            judge.resolves(source, "ssh", "");
        } else {
            judge.reject(
                    source.span(), "invalid src " + GoText.quote(source.value().text()));
        }
    }

    private void target(SshRule rule, Located<Selector> to) {
        boolean allowed = switch (to.value()) {
            case Selector.User ignored -> true;
            case Selector.Tag ignored -> true;
            case AutogroupName name ->
                name.group().isEmpty()
                        || name.is(Autogroup.TAGGED)
                        || name.is(Autogroup.SELF)
                        || name.group().get().isRole();
            default -> false;
        };
        if (!allowed) {
            judge.reject(to.span(), "invalid dst " + GoText.quote(to.value().text()));
            return;
        }
        judge.resolves(to, "ssh", "");
        if (to.value() instanceof Selector.User
                && !rule.src().stream().allMatch(from -> from.value().equals(to.value()))) {
            // Nobody may log in to the devices of somebody else; a tagged device has no owner to be the same.
            judge.reject(to.span(), "invalid dst " + GoText.quote(to.value().text()));
        }
        if (to.value().isAutogroup(Autogroup.SELF) && rule.src().stream().anyMatch(from -> isTagged(from.value()))) {
            judge.reject(to.span(), "autogroup:self can only be used with users, groups, or supported autogroups");
        }
    }

    private static boolean isTagged(Selector selector) {
        return selector instanceof Selector.Tag || selector.isAutogroup(Autogroup.TAGGED);
    }

    private void users(SshRule rule) {
        if (rule.users().isEmpty()) {
            judge.reject(rule.span(), "users must be specified");
        }
        for (Located<SshUser> user : rule.users()) {
            String text = user.value().text();
            if (text.isEmpty() || text.equals("*")) {
                judge.reject(user.span(), "user " + GoText.quote(text) + " is not valid");
            }
            if (user.value() instanceof SshUser.Localpart localpart) {
                judge.foreignDomain("", localpart.domain()).ifPresent(problem -> judge.reject(user.span(), problem));
            }
        }
    }

    /** What a test tries must be one place; whether it can be logged in to is for the test itself. */
    void test(SshTest test) {
        for (Located<Selector> to : test.dst()) {
            boolean allowed = switch (to.value()) {
                case Selector.User ignored -> true;
                case Selector.Address ignored -> true;
                case Selector.Tag ignored -> true;
                case Selector.Host host ->
                    judge.policy()
                            .host(host.name())
                            .map(prefix -> prefix.isSingle())
                            .orElse(true);
                default -> false;
            };
            if (!allowed) {
                judge.reject(
                        to.span(),
                        "SSH tests dst contains disallowed element "
                                + GoText.quote(to.value().text()));
            } else if (to.value() instanceof Selector.Tag tag
                    && judge.unresolved(tag).isPresent()) {
                judge.reject(to.span(), "SSH tests dst contains unknown tag " + GoText.quote(tag.name()));
            }
        }
    }
}
