package com.xonetwork.tailnet.automation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which host keys a runner gets, and which of those that it has learnt are kept. */
@Pure
final class KnownHosts {

    /** Key types that one machine shows on first contact. One login needs one. */
    static final int KEYS_OF_HOST = 4;

    private static final int LONGEST_NAME = 253;
    private static final String SUFFIX = "-known-hosts";
    private static final String REVOKED = "@revoked";

    private KnownHosts() {}

    /**
     * The name of one of the ConfigMaps of a template.
     *
     * @param part from 1
     */
    static String name(String template, int part) {
        var end = SUFFIX + (part == 1 ? "" : "-" + part);
        var longest = LONGEST_NAME - end.length();
        var stem = template;
        if (template.length() > longest) {
            var digest = RunInputs.digest(template.getBytes(UTF_8));
            stem = template.substring(0, longest - digest.length() - 1) + "-" + digest;
        }
        return stem + end;
    }

    /**
     * What a runner gets of a record: the keys of these hosts, each in the form in which the operator writes it. Whoever may edit
     * ConfigMaps can write other lines there. A pattern or an authority would be believed for any host, so nothing of them is handed
     * on. A key that a line revokes is not handed on either.
     */
    static List<String> ofHosts(Collection<String> lines, Set<String> hosts) {
        var revoked = lines.stream()
                .filter(line -> line.startsWith(REVOKED))
                .flatMap(line -> Arrays.stream(line.split("[ \t]+", -1)))
                .collect(Collectors.toSet());
        var kept = new LinkedHashSet<String>();
        for (var line : lines) {
            KnownHostLine.parse(line)
                    .filter(plain -> !revoked.contains(plain.key()))
                    .ifPresent(plain ->
                            plain.hosts().stream().filter(hosts::contains).forEach(host -> kept.add(plain.of(host))));
        }
        return List.copyOf(kept);
    }

    /**
     * What is to be written down of what a runner has learnt. A host that has a key already gets no other: it was not a first
     * contact, whatever the runner says.
     *
     * @param known lines that are recorded or were given
     * @param hosts of the attempt
     */
    static List<String> news(Collection<String> known, Set<String> hosts, Collection<String> learnt) {
        var pinned = new HashSet<String>();
        known.forEach(line -> KnownHostLine.parse(line).ifPresent(plain -> pinned.addAll(plain.hosts())));
        var news = new TreeSet<String>();
        var types = new HashMap<String, Set<String>>();
        for (var line : learnt) {
            KnownHostLine.parse(line)
                    .ifPresent(plain -> plain.hosts().stream()
                            .filter(host -> hosts.contains(host) && !pinned.contains(host))
                            .forEach(host -> {
                                var ofHost = types.computeIfAbsent(host, any -> new HashSet<>());
                                // The first key of a type is the one that was believed.
                                if (ofHost.size() < KEYS_OF_HOST && ofHost.add(plain.type())) {
                                    news.add(plain.of(host));
                                }
                            }));
        }
        return new ArrayList<>(news);
    }
}
