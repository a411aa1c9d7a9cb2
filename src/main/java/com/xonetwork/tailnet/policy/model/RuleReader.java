package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.GoText;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuMember;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import com.xonetwork.tailnet.policy.model.Grant.Capability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the entries of the sections that are lists. */
final class RuleReader {

    /** Headscale does not ask for an action, and has no other. */
    private static final String ACCEPT = "accept";

    private final Notes notes;
    private final PolicySyntax syntax;

    RuleReader(Notes notes, PolicySyntax syntax) {
        this.notes = notes;
        this.syntax = syntax;
    }

    /** Reads one entry of a section. */
    @FunctionalInterface
    interface Entry<T> {
        T read(int index, Fields fields, Span span);
    }

    Acl acl(int index, Fields fields, Span span) {
        return new Acl(
                index,
                fields.string("action").map(HuString::value).orElse(syntax.rulesMayLackParts() ? ACCEPT : ""),
                protocol(fields),
                selectors(fields.strings("src", "users")),
                destinations(fields.strings("dst", "ports")),
                texts(fields.strings("srcPosture")),
                span);
    }

    Grant grant(int index, Fields fields, Span span) {
        return new Grant(
                index,
                selectors(fields.strings("src")),
                selectors(fields.strings("dst")),
                ports(fields.strings("ip")),
                fields.object("app").map(RuleReader::capabilities).orElse(List.of()),
                fields.strings("via").stream()
                        .map(string -> located(string, syntax::via))
                        .toList(),
                texts(fields.strings("srcPosture")),
                span);
    }

    SshRule ssh(int index, Fields fields, Span span) {
        return new SshRule(
                index,
                fields.string("action").map(HuString::value).orElse("").strip(),
                selectors(fields.strings("src")),
                selectors(fields.strings("dst")),
                fields.strings("users").stream()
                        .map(user -> located(user, SshUser::parse))
                        .toList(),
                fields.string("checkPeriod").flatMap(period -> notes.read(period, CheckPeriod::parse)),
                texts(fields.strings("acceptEnv")),
                texts(fields.strings("srcPosture")),
                selectors(fields.strings("recorder")),
                fields.flag("enforceRecorder"),
                span);
    }

    NodeAttrs nodeAttrs(int index, Fields fields, Span span) {
        return new NodeAttrs(
                index,
                selectors(fields.strings("target")),
                texts(fields.strings("attr")),
                fields.value("app"),
                read(
                        fields.strings("ipPool"),
                        text -> IpPrefix.parse(text.strip())
                                .map(Parsed::good)
                                .orElseGet(() -> Parsed.bad(noPrefix(text)))),
                span);
    }

    PolicyTest test(int index, Fields fields, Span span) {
        return new PolicyTest(
                index,
                source(fields.string("src", "user")),
                protocol(fields),
                destinations(fields.strings("accept", "allow")),
                destinations(fields.strings("deny")),
                attributes(fields),
                span);
    }

    SshTest sshTest(int index, Fields fields, Span span) {
        return new SshTest(
                index,
                source(fields.string("src")),
                selectors(fields.strings("dst")),
                texts(fields.strings("accept")),
                texts(fields.strings("check")),
                texts(fields.strings("deny")),
                attributes(fields),
                span);
    }

    private Optional<Located<Protocol>> protocol(Fields fields) {
        return fields.string("proto")
                .filter(proto -> !proto.value().isEmpty())
                .flatMap(proto -> notes.read(proto, syntax::protocol));
    }

    private Optional<Located<Selector>> source(Optional<HuString> src) {
        return src.filter(text -> !text.value().isBlank()).map(this::selector);
    }

    private static List<Capability> capabilities(HuObject app) {
        return app.members().stream()
                .map(member -> new Capability(member.name().value(), member.value(), Fields.span(member.name())))
                .toList();
    }

    private static Map<String, HuValue> attributes(Fields fields) {
        Map<String, HuValue> attributes = new LinkedHashMap<>();
        for (HuMember member :
                fields.object("srcPostureAttrs").map(HuObject::members).orElse(List.of())) {
            attributes.put(member.name().value(), member.value());
        }
        return attributes;
    }

    private List<Located<Destination>> destinations(List<HuString> strings) {
        return strings.stream()
                .map(string -> notes.read(string, syntax::destination)
                        .orElseGet(() -> located(string, Destination::unreadable)))
                .toList();
    }

    private <T> List<Located<T>> read(List<HuString> strings, Function<String, Parsed<T>> parser) {
        return strings.stream()
                .flatMap(string -> notes.read(string, parser).stream())
                .toList();
    }

    /** Each entry may stand for several. */
    private List<Located<PortSpec>> ports(List<HuString> strings) {
        return strings.stream()
                .flatMap(string -> notes.read(string, syntax::ports).stream())
                .flatMap(read -> read.value().stream().map(spec -> new Located<>(spec, read.written(), read.span())))
                .toList();
    }

    List<Located<Selector>> selectors(List<HuString> strings) {
        return strings.stream().map(this::selector).toList();
    }

    List<Located<Selector>> names(List<HuString> strings) {
        return strings.stream().map(string -> located(string, syntax::name)).toList();
    }

    List<Located<String>> texts(List<HuString> strings) {
        return strings.stream()
                .map(string -> located(string, Function.identity()))
                .toList();
    }

    Located<Selector> selector(HuString string) {
        return located(string, syntax::selector);
    }

    private static <T> Located<T> located(HuString string, Function<String, T> parser) {
        return new Located<>(parser.apply(string.value()), string.value(), Fields.span(string));
    }

    /** As Go's {@code netip.ParsePrefix}. */
    static String noPrefix(String text) {
        return "netip.ParsePrefix(" + GoText.quote(text) + "): "
                + (text.indexOf('/') < 0 ? "no '/'" : "unable to parse IP");
    }
}
