package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy as its text says it, valid or not. Maps and lists are in the order of the text.
 *
 * @param syntax whose rules it was read by
 * @param aclsGiven whether there is a list, even an empty one
 * @param grantsGiven whether there is a list, even an empty one
 * @param unknown members that we do not know, anywhere: kept in the document, without effect here
 * @param malformed what could not be read although it is of the right type ({@code tag:web:http}), by its place and in the
 *     service's words, for validation to say in its turn
 * @param structural what is of the wrong type ({@code "acls": 5}): none of it is in the lists
 */
public record Policy(
        HuJsonDocument document,
        PolicySyntax syntax,
        Map<String, Group> groups,
        Map<String, HostAlias> hosts,
        Map<String, IpSet> ipsets,
        Map<String, TagOwners> tagOwners,
        AutoApprovers autoApprovers,
        Map<String, Posture> postures,
        List<Located<String>> defaultSrcPosture,
        boolean aclsGiven,
        List<Acl> acls,
        boolean grantsGiven,
        List<Grant> grants,
        List<SshRule> ssh,
        List<NodeAttrs> nodeAttrs,
        List<PolicyTest> tests,
        List<SshTest> sshTests,
        Settings settings,
        List<Problem> unknown,
        Map<Span, Malformed> malformed,
        List<Problem> structural) {

    public Policy {
        groups = copy(groups);
        hosts = copy(hosts);
        ipsets = copy(ipsets);
        tagOwners = copy(tagOwners);
        postures = copy(postures);
        defaultSrcPosture = List.copyOf(defaultSrcPosture);
        acls = List.copyOf(acls);
        grants = List.copyOf(grants);
        ssh = List.copyOf(ssh);
        nodeAttrs = List.copyOf(nodeAttrs);
        tests = List.copyOf(tests);
        sshTests = List.copyOf(sshTests);
        unknown = List.copyOf(unknown);
        malformed = copy(malformed);
        structural = List.copyOf(structural);
    }

    /**
     * Reads a document. Never fails: what cannot be read is in {@link #malformed} and {@link #structural}.
     */
    public static Policy read(HuJsonDocument document, PolicySyntax syntax) {
        return new PolicyReader(document, syntax).read();
    }

    /** As Tailscale reads it. */
    public static Policy read(HuJsonDocument document) {
        return read(document, PolicySyntax.TAILSCALE);
    }

    /**
     * @throws com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException if the text is no HuJSON
     */
    public static Policy parse(String hujson, PolicySyntax syntax) {
        return read(HuJsonDocument.parse(hujson), syntax);
    }

    /**
     * As Tailscale reads it.
     *
     * @throws com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException if the text is no HuJSON
     */
    public static Policy parse(String hujson) {
        return parse(hujson, PolicySyntax.TAILSCALE);
    }

    /** Where nobody says who may reach whom, everybody may reach everybody: the default of the service. */
    public boolean allowsAll() {
        return !aclsGiven && !grantsGiven;
    }

    /** What a host alias stands for. */
    public Optional<IpPrefix> host(String name) {
        return Optional.ofNullable(hosts.get(name)).flatMap(HostAlias::value);
    }

    /** The users of a group; none if the policy has no such group. */
    public List<Located<Selector>> membersOf(String group) {
        Group found = groups.get(group);
        return found == null ? List.of() : found.members();
    }

    /** For people: {@code line 3, column 7 (acls[0].dst[1])}. */
    public String describe(Span span) {
        String path = document.pathTo(span.start());
        return document.place(span.start()) + (path.isEmpty() ? "" : " (" + path + ")");
    }

    private static <K, V> Map<K, V> copy(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
