package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.model.Acl;
import com.xonetwork.tailnet.policy.model.Autogroup;
import com.xonetwork.tailnet.policy.model.Destination;
import com.xonetwork.tailnet.policy.model.Grant;
import com.xonetwork.tailnet.policy.model.Grant.Capability;
import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.PortRange;
import com.xonetwork.tailnet.policy.model.Protocol;
import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.model.Selector.AutogroupName;
import com.xonetwork.tailnet.policy.model.Selector.Prefix;
import com.xonetwork.tailnet.policy.model.Span;
import java.util.List;
import java.util.Set;

/** Who reaches what: {@code acls} and {@code grants}. */
final class RuleChecks {

    private static final String SELF_NEEDS_PEOPLE =
            "autogroup:self can only be used with users, groups, or supported autogroups";

    /** The capabilities of the vendor's own domain that a policy may give; the others only the service itself gives. */
    private static final Set<String> VENDOR_CAPABILITIES = Set.of(
            "tailscale.com/cap/drive",
            "tailscale.com/cap/golink",
            "tailscale.com/cap/kubernetes",
            "tailscale.com/cap/relay",
            "tailscale.com/cap/secrets",
            "tailscale.com/cap/tailsql",
            "tailscale.com/cap/tsidp",
            "tailscale.com/cap/webui");

    private final Judge judge;

    RuleChecks(Judge judge) {
        this.judge = judge;
    }

    void acl(Acl rule) {
        if (!rule.action().equals("accept")) {
            judge.reject(rule.span(), "action=" + GoText.quote(rule.action()) + " is not supported");
        }
        rule.src().forEach(source -> source(source, "acls"));
        rule.dst().forEach(this::destination);
        rule.protocol().ifPresent(protocol -> portless(protocol.value(), rule.dst()));
        judge.malformedWithin(rule.span());
        if (rule.dst().stream().anyMatch(to -> to.value().target().isAutogroup(Autogroup.SELF))) {
            // Here, and not in grants, "*" counts as the people in it.
            selfOnlyForPeople(rule.span(), rule.src(), true);
        }
        postures(rule.srcPosture());
    }

    void grant(Grant grant) {
        boolean unreadable = judge.malformedWithin(grant.span());
        if (grant.ip().isEmpty() && grant.app().isEmpty() && !unreadable) {
            judge.reject(grant.span(), "ip and app can not both be empty");
        }
        grant.app().forEach(this::capability);
        grant.src().forEach(source -> source(source, "grants"));
        for (Located<Selector> to : grant.dst()) {
            target(to.value(), to.span());
            if (to.value() instanceof Prefix prefix && prefix.prefix().bits() == 0) {
                judge.reject(
                        to.span(),
                        "dst " + GoText.quote(to.value().text())
                                + ": to allow all IP addresses, use \"*\" or \"autogroup:internet\"");
            }
            if (!grant.app().isEmpty() && to.value().isAutogroup(Autogroup.INTERNET)) {
                judge.reject(to.span(), "cannot use app grants with autogroup:internet");
            }
            judge.resolves(to, "grants", "dst=");
        }
        grant.via().forEach(this::via);
        if (grant.dst().stream().anyMatch(to -> to.value().isAutogroup(Autogroup.SELF))) {
            selfOnlyForPeople(grant.span(), grant.src(), false);
        }
        postures(grant.srcPosture());
    }

    private void source(Located<Selector> source, String section) {
        boolean neverASource = source.value().isAutogroup(Autogroup.SELF)
                || source.value().isAutogroup(Autogroup.INTERNET)
                || source.value().isAutogroup(Autogroup.NONROOT)
                || source.value() instanceof Selector.Service;
        if (neverASource) {
            judge.reject(source.span(), GoText.quote(source.value().text()) + " not valid on the src side of a rule");
        } else {
            judge.resolves(source, section, "src=");
        }
    }

    private void destination(Located<Destination> destination) {
        if (judge.malformed(destination.span(), "dst=" + GoText.quote(destination.written()) + ": ")) {
            return;
        }
        Selector target = destination.value().target();
        target(target, destination.span());
        judge.resolves(
                new Located<>(target, destination.value().host(), destination.span()),
                "acls",
                "dst=" + GoText.quote(destination.value().host()) + ": ");
    }

    private void target(Selector target, Span span) {
        boolean neverATarget = target.isAutogroup(Autogroup.DANGER_ALL)
                || target.isAutogroup(Autogroup.SHARED)
                || target.isAutogroup(Autogroup.NONROOT);
        if (neverATarget && target instanceof AutogroupName name) {
            judge.reject(span, "cannot use " + name.name() + " as a dst");
        }
    }

    private void portless(Protocol protocol, List<Located<Destination>> destinations) {
        if (protocol.hasPorts()) {
            return;
        }
        for (Located<Destination> destination : destinations) {
            if (!destination.value().ports().stream().allMatch(PortRange::isAll)) {
                judge.reject(
                        destination.span(),
                        "protocol does not support specific ports: " + GoText.quote(protocol.name())
                                + ", only \"*\" is allowed");
                return;
            }
        }
    }

    private void selfOnlyForPeople(Span rule, List<Located<Selector>> sources, boolean wildcard) {
        for (Located<Selector> source : sources) {
            boolean people = switch (source.value()) {
                case Selector.User ignored -> true;
                case Selector.UserDomain ignored -> true;
                case Selector.Group ignored -> true;
                case Selector.Wildcard ignored -> wildcard;
                case AutogroupName name ->
                    name.group().isPresent() && name.group().get().isRole();
                default -> false;
            };
            if (!people) {
                judge.reject(rule, SELF_NEEDS_PEOPLE);
                return;
            }
        }
    }

    private void capability(Capability capability) {
        String name = capability.name();
        int slash = name.indexOf('/');
        boolean hasParts = slash > 0 && slash < name.length() - 1;
        if (name.contains("://") || (judge.policy().syntax().capabilitiesHaveDomains() && !hasParts)) {
            judge.reject(capability.span(), "capability name must have the form {domain}/{path}");
        } else if (name.startsWith("tailscale.com/") && !VENDOR_CAPABILITIES.contains(name)) {
            judge.reject(capability.span(), "capability name must not be in the tailscale.com domain");
        }
    }

    private void via(Located<Selector> via) {
        if (!(via.value() instanceof Selector.Tag tag)) {
            judge.reject(via.span(), "via can only be a tag");
        } else if (judge.unresolved(tag).isPresent()) {
            judge.reject(via.span(), "tag " + GoText.quote(tag.name()) + " not found");
        }
    }

    private void postures(List<Located<String>> postures) {
        for (Located<String> posture : postures) {
            if (!judge.policy().postures().containsKey(posture.value())) {
                judge.reject(posture.span(), "posture not found: " + GoText.quote(posture.value()));
            }
        }
    }
}
