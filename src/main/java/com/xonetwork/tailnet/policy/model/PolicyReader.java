package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuElement;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNull;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import com.xonetwork.tailnet.policy.model.AutoApprovers.Approval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Reads the sections with names in them; the lists of rules are {@link RuleReader}'s. */
final class PolicyReader {

    private final HuJsonDocument document;
    private final PolicySyntax syntax;
    private final Notes notes;
    private final RuleReader rules;

    PolicyReader(HuJsonDocument document, PolicySyntax syntax) {
        this.document = document;
        this.syntax = syntax;
        this.notes = new Notes(document);
        this.rules = new RuleReader(notes, syntax);
    }

    Policy read() {
        HuObject root;
        if (document.root() instanceof HuObject object) {
            root = object;
        } else {
            notes.wrongType(document.root(), "an object");
            root = new HuObject(0, 0, List.of());
        }
        Fields fields = new Fields(root, notes);
        Map<String, Group> groups = named(fields, "groups", this::group);
        Map<String, HostAlias> hosts = named(fields, "hosts", this::host);
        Map<String, IpSet> ipsets = named(fields, "ipsets", this::ipset);
        Map<String, TagOwners> tagOwners = named(fields, "tagOwners", syntax::owned, this::tagOwners);
        AutoApprovers approvers =
                fields.object("autoApprovers").map(this::autoApprovers).orElse(AutoApprovers.NONE);
        Map<String, Posture> postures = named(fields, "postures", this::posture);
        List<Located<String>> defaultSrcPosture = rules.texts(fields.strings("defaultSrcPosture"));
        Optional<HuArray> acls = fields.array("acls");
        Optional<HuArray> grants = fields.array("grants");
        List<Acl> aclRules = list(acls, rules::acl);
        List<Grant> grantRules = list(grants, rules::grant);
        List<SshRule> ssh = list(fields.array("ssh"), rules::ssh);
        List<NodeAttrs> nodeAttrs = list(fields.array("nodeAttrs"), rules::nodeAttrs);
        List<PolicyTest> tests = list(fields.array("tests"), rules::test);
        List<SshTest> sshTests = list(fields.array("sshTests"), rules::sshTest);
        Settings settings = new Settings(
                fields.value("derpMap"),
                fields.flag("disableIPv4"),
                fields.string("OneCGNATRoute").map(HuString::value).orElse(""),
                fields.flag("randomizeClientPort"),
                fields.value("attrConfig"));
        fields.noteUnknown();
        return new Policy(
                document,
                syntax,
                groups,
                hosts,
                ipsets,
                tagOwners,
                approvers,
                postures,
                defaultSrcPosture,
                acls.isPresent(),
                aclRules,
                grants.isPresent(),
                grantRules,
                ssh,
                nodeAttrs,
                tests,
                sshTests,
                settings,
                notes.unknown(),
                notes.malformed(),
                notes.structural());
    }

    private <T> List<T> list(Optional<HuArray> section, RuleReader.Entry<T> reader) {
        List<T> entries = new ArrayList<>();
        int index = 0;
        for (HuElement element : section.map(HuArray::elements).orElse(List.of())) {
            if (element.value() instanceof HuObject object) {
                Fields fields = new Fields(object, notes);
                entries.add(reader.read(index, fields, Fields.span(object)));
                fields.noteUnknown();
            } else {
                notes.wrongType(element.value(), "an object");
            }
            index++;
        }
        return entries;
    }

    private <T> Map<String, T> named(Fields fields, String section, BiFunction<HuMember, Span, T> reader) {
        return named(fields, section, UnaryOperator.identity(), reader);
    }

    private static <T> Map<String, T> named(
            Fields fields, String section, UnaryOperator<String> key, BiFunction<HuMember, Span, T> reader) {
        Map<String, T> entries = new LinkedHashMap<>();
        for (HuMember member : members(fields.object(section))) {
            entries.put(key.apply(member.name().value()), reader.apply(member, span(member)));
        }
        return entries;
    }

    private static List<HuMember> members(Optional<HuObject> object) {
        return object.map(HuObject::members).orElse(List.of());
    }

    private static Span span(HuMember member) {
        return new Span(member.name().start(), member.value().end());
    }

    private Group group(HuMember member, Span span) {
        return new Group(member.name().value(), names(member.value()), span);
    }

    private TagOwners tagOwners(HuMember member, Span span) {
        return new TagOwners(member.name().value(), names(member.value()), span);
    }

    private HostAlias host(HuMember member, Span span) {
        if (member.value() instanceof HuString string) {
            String text = string.value().strip();
            Optional<IpPrefix> value = text.indexOf('/') >= 0
                    ? IpPrefix.parse(text)
                    : IpAddress.parse(text).map(address -> new IpPrefix(address, address.width()));
            return new HostAlias(member.name().value(), value, string.value(), span);
        }
        notes.wrongType(member.value(), "a string");
        return new HostAlias(member.name().value(), Optional.empty(), "", span);
    }

    private IpSet ipset(HuMember member, Span span) {
        List<Located<IpSet.Step>> steps = strings(member.value()).stream()
                .map(string -> new Located<>(IpSet.Step.parse(string.value()), string.value(), Fields.span(string)))
                .toList();
        return new IpSet(member.name().value(), steps, span);
    }

    private Posture posture(HuMember member, Span span) {
        List<Located<PostureAssertion>> assertions = strings(member.value()).stream()
                .flatMap(string -> notes.read(string, PostureAssertion::parse).stream())
                .toList();
        return new Posture(member.name().value(), assertions, span);
    }

    private AutoApprovers autoApprovers(HuObject object) {
        Fields fields = new Fields(object, notes);
        List<Approval<IpPrefix>> routes = new ArrayList<>();
        for (HuMember member : members(fields.object("routes"))) {
            List<Located<Selector>> owners = names(member.value());
            notes.read(member.name(), PolicyReader::route)
                    .ifPresent(prefix -> routes.add(new Approval<>(prefix, owners)));
        }
        List<Located<Selector>> exitNode = rules.names(fields.strings("exitNode"));
        List<Approval<Selector>> services = members(fields.object("services")).stream()
                .map(member -> new Approval<>(rules.selector(member.name()), names(member.value())))
                .toList();
        fields.noteUnknown();
        return new AutoApprovers(routes, exitNode, services);
    }

    private static Parsed<IpPrefix> route(String text) {
        Optional<IpPrefix> prefix = IpPrefix.parse(text.strip());
        return prefix.map(Parsed::good).orElseGet(() -> Parsed.bad(RuleReader.noPrefix(text)));
    }

    private List<Located<Selector>> names(HuValue value) {
        return rules.names(strings(value));
    }

    private List<HuString> strings(HuValue value) {
        if (value instanceof HuArray array) {
            return Fields.strings(array, notes);
        }
        if (!(value instanceof HuNull)) {
            notes.wrongType(value, "a list of strings");
        }
        return List.of();
    }
}
