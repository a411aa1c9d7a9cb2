package com.xonetwork.tailnet.policy.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who reaches what: {@code acls}, {@code grants}, {@code nodeAttrs}. */
final class RulesCheck {

    private static final String SELF = "autogroup:self";
    private static final String INTERNET = "autogroup:internet";
    private static final String DANGER_ALL = "autogroup:danger-all";
    private static final Pattern CAPABILITY = Pattern.compile("[^/:]+/.+");

    private final Problems problems;
    private final PolicySyntax syntax;

    RulesCheck(Problems problems, PolicySyntax syntax) {
        this.problems = problems;
        this.syntax = syntax;
    }

    void acl(String path, ObjectNode rule) {
        String action = problems.string(path + ".action", Problems.field(rule, "action"));
        boolean isLeftOut = action != null && action.isEmpty() && Problems.field(rule, "action") == null;
        if (action != null && !action.equals("accept") && !(isLeftOut && syntax.rulesMayLackParts())) {
            problems.add(
                    path,
                    "action=" + Quoted.of(action)
                            + " is not supported; use \"accept\"; traffic that no rule accepts is denied");
        }
        // "users" and "ports" are the names of old; the service still takes them.
        List<String> src = ends(path, "src", Problems.field(rule, "src", "users"));
        List<String> dst = ends(path, "dst", Problems.field(rule, "dst", "ports"));
        problems.string(path + ".proto", Problems.field(rule, "proto"));
        problems.strings(path + ".srcPosture", Problems.field(rule, "srcPosture"));
        noSelf(path, src);
        if (dst.stream().anyMatch(target -> target.strip().startsWith(SELF + ":"))) {
            // The service takes "*" for the people in it here, and only here.
            selfOnlyForPeople(
                    path,
                    src.stream().filter(source -> !source.strip().equals("*")).toList());
        }
    }

    void grant(String path, ObjectNode grant) {
        List<String> src = ends(path, "src", Problems.field(grant, "src"));
        List<String> dst = ends(path, "dst", Problems.field(grant, "dst"));
        JsonNode ip = Problems.field(grant, "ip");
        JsonNode app = Problems.field(grant, "app");
        problems.strings(path + ".ip", ip);
        problems.strings(path + ".srcPosture", Problems.field(grant, "srcPosture"));
        if (isEmpty(ip) && isEmpty(app)) {
            problems.add(
                    path, "ip and app can not both be empty; give ports, for example \"ip\": [\"443\"] or [\"*\"]");
        }
        if (app != null) {
            app(path, app, dst);
        }
        for (String via : problems.strings(path + ".via", Problems.field(grant, "via"))) {
            if (!via.startsWith("tag:")) {
                problems.add(path + ".via", "via can only be a tag, not " + Quoted.of(via));
            }
        }
        noSelf(path, src);
        if (dst.contains(SELF)) {
            selfOnlyForPeople(path, src);
        }
        for (String target : dst) {
            if (target.equals(DANGER_ALL)) {
                problems.add(path + ".dst", "cannot use autogroup:danger-all as a dst; use \"*\"");
            } else if (target.equals("0.0.0.0/0") || target.equals("::/0")) {
                problems.add(
                        path,
                        "dst " + Quoted.of(target)
                                + ": to allow all IP addresses, use \"*\" or \"autogroup:internet\"");
            }
        }
    }

    void nodeAttr(String path, ObjectNode entry) {
        if (problems.strings(path + ".target", Problems.field(entry, "target")).contains(SELF)) {
            // Answered with "internal server error", which nobody could trace to this line.
            problems.add(path + ".target", "autogroup:self cannot be a target; use \"autogroup:member\"");
        }
        problems.strings(path + ".attr", Problems.field(entry, "attr"));
        JsonNode app = Problems.field(entry, "app");
        if (app != null && !app.isObject()) {
            problems.add(path + ".app", "must be an object {...}, not " + Problems.kind(app));
        }
        for (String pool : problems.strings(path + ".ipPool", Problems.field(entry, "ipPool"))) {
            if (IpPrefix.parse(pool).isEmpty()) {
                problems.add(path + ".ipPool", Quoted.of(pool) + " must be a CIDR like \"100.81.0.0/16\"");
            }
        }
    }

    private List<String> ends(String path, String name, @Nullable JsonNode value) {
        return syntax.rulesMayLackParts()
                ? problems.strings(path + "." + name, value)
                : problems.requiredStrings(path, name, value);
    }

    private void app(String path, JsonNode app, List<String> dst) {
        problems.eachField(path + ".app", app, (capability, parameters) -> {
            String place = path + ".app[" + Quoted.of(capability) + "]";
            if (capability.contains("://")
                    || (syntax.capabilitiesHaveDomains()
                            && !CAPABILITY.matcher(capability).matches())) {
                problems.add(
                        place,
                        "capability name must have the form {domain}/{path}, without \"https://\": example.com/cap/name");
            }
            if (!parameters.isArray() && !parameters.isNull()) {
                problems.add(place, "must be a list [...], not " + Problems.kind(parameters));
            }
        });
        if (!app.isEmpty() && dst.contains(INTERNET)) {
            problems.add(path, "cannot use app grants with autogroup:internet; name the devices in dst");
        }
    }

    private void noSelf(String path, List<String> src) {
        if (src.contains(SELF)) {
            problems.add(
                    path + ".src",
                    "\"autogroup:self\" not valid on the src side of a rule; use \"autogroup:member\" there");
        }
    }

    private void selfOnlyForPeople(String path, List<String> src) {
        for (String source : src) {
            if (!source.equals(SELF) && isNoPerson(source.strip())) {
                problems.add(
                        path,
                        "autogroup:self can only be used with users, groups, or supported autogroups; "
                                + Quoted.of(source) + " in src is none of these. Give it a rule of its own");
            }
        }
    }

    /** What is surely not people: without an "@" it is no user, and a bare word is a host. */
    private static boolean isNoPerson(String source) {
        boolean people = source.contains("@") || source.startsWith("group:") || source.startsWith("autogroup:");
        return !people || source.equals("autogroup:tagged");
    }

    private static boolean isEmpty(@Nullable JsonNode value) {
        return value == null || (value.isContainerNode() && value.isEmpty());
    }
}
