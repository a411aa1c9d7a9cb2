package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Acl;
import com.xonetwork.tailnet.policy.model.Grant;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.NodeAttrs;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Span;
import com.xonetwork.tailnet.policy.model.SshRule;
import com.xonetwork.tailnet.policy.model.SshUser;
import java.util.List;

/**
 * What the service accepts without a word and nobody means: rules for nobody, login users that no machine has, attributes
 * for nothing. Each is from a capture of an accepted policy. Warnings only: refusing them would refuse what the service takes.
 */
final class Lint {

    private final Judge judge;

    Lint(Judge judge) {
        this.judge = judge;
    }

    void check() {
        Policy policy = judge.policy();
        for (Acl rule : policy.acls()) {
            ends(rule.src(), rule.dst(), rule.span());
        }
        for (Grant rule : policy.grants()) {
            ends(rule.src(), rule.dst(), rule.span());
        }
        policy.ssh().forEach(this::ssh);
        policy.nodeAttrs().forEach(this::nodeAttrs);
    }

    private void ends(List<?> src, List<?> dst, Span rule) {
        if (src.isEmpty()) {
            judge.warn(rule, "src is empty, so the rule allows nobody");
        }
        if (dst.isEmpty()) {
            judge.warn(rule, "dst is empty, so the rule reaches nothing");
        }
    }

    private void ssh(SshRule rule) {
        ends(rule.src(), rule.dst(), rule.span());
        for (Located<SshUser> user : rule.users()) {
            String text = user.value().text();
            boolean looksLikeMore = text.startsWith("group:")
                    || text.startsWith("tag:")
                    || text.startsWith("autogroup:")
                    || text.startsWith("localpart:");
            if (user.value() instanceof SshUser.Login && looksLikeMore) {
                judge.warn(
                        user.span(), "user " + GoText.quote(text) + " means a login user of that name on the machine");
            }
        }
        if (rule.checkPeriod().isPresent() && rule.action().equals(SshRule.ACCEPT)) {
            judge.warn(rule.checkPeriod().get().span(), "checkPeriod has no effect with action \"accept\"");
        }
    }

    private void nodeAttrs(NodeAttrs entry) {
        if (entry.target().isEmpty()) {
            judge.warn(entry.span(), "target is empty, so nobody gets the attributes");
        }
        if (entry.attr().isEmpty() && entry.app().isEmpty() && entry.ipPool().isEmpty()) {
            judge.warn(entry.span(), "attr, app and ipPool are all empty, so the entry has no effect");
        }
    }
}
