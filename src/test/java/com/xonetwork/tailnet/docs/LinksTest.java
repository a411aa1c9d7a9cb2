package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Links within the repository lead somewhere, and the README's picture shows what is there. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)$");
    private static final Pattern CLAIM = Pattern.compile("PASS (.+) \\(\\d+s\\)");

    private final Map<Path, Set<String>> anchors = new HashMap<>();

    @Test
    void everyLinkOfAPageHasATarget() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages()) {
            for (var link : links(page)) {
                if (!link.contains("://") && !link.startsWith("mailto:") && !leadsSomewhere(page, link)) {
                    broken.add(page + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void thePictureShowsClaimsThatTheQuickstartChecks() throws IOException {
        var claims = Files.readString(Path.of("hack/quickstart.d/claims.sh"));
        var shown = CLAIM.matcher(Files.readString(Path.of("docs/images/quickstart.svg")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(shown).isNotEmpty().allSatisfy(claim -> assertThat(claims).contains('"' + claim + '"'));
    }

    private boolean leadsSomewhere(Path page, String link) throws IOException {
        var hash = link.indexOf('#');
        var path = hash < 0 ? link : link.substring(0, hash);
        var parent = page.getParent();
        var target = path.isEmpty() ? page : (parent == null ? Path.of(path) : parent.resolve(path)).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    private Set<String> anchors(Path page) throws IOException {
        var known = anchors.get(page);
        if (known == null) {
            known = text(page).stream()
                    .map(HEADING::matcher)
                    .filter(matcher -> matcher.matches())
                    .map(matcher -> anchor(matcher.group(1)))
                    .collect(Collectors.toSet());
            anchors.put(page, known);
        }
        return known;
    }

    /** As code hosts make it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    private static List<String> links(Path page) throws IOException {
        return text(page).stream()
                .flatMap(
                        line -> LINK.matcher(line.replaceAll("`[^`]*`", "code")).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** The lines outside of blocks. */
    private static List<String> text(Path page) throws IOException {
        var lines = new ArrayList<String>();
        var inBlock = false;
        for (var line : Files.readAllLines(page)) {
            if (line.strip().startsWith("```")) {
                inBlock = !inBlock;
            } else if (!inBlock) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static Set<Path> pages() throws IOException {
        var pages = new TreeSet<Path>();
        for (var root : List.of("docs", "examples", "runners")) {
            try (var files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        try (var files = Files.list(Path.of("."))) {
            files.map(Path::normalize)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(pages::add);
        }
        return pages;
    }
}
