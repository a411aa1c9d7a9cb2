package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whoever gives somebody the right to write a kind must be able to read what else they give with it. */
class SecurityPageTest {

    private static final Path PAGE = Path.of("SECURITY.md");
    private static final String SECTION = "## What the author of each kind can reach";
    private static final Pattern ROW = Pattern.compile("\\| `([A-Za-z]+)` \\| ([^|]{40,}) \\| ([^|]{3,}) \\|");

    private static final Pattern PROMISE = Pattern.compile("^\\| ([^|]+?) \\| (.+) \\|$");
    private static final Pattern PROOF = Pattern.compile("`([A-Z]\\w+(?:Test|IT|E2E)|hack/[a-z-]+)`");

    private static List<MatchResult> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(SECTION))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .flatMap(line -> ROW.matcher(line).results())
                .toList();
    }

    private static List<MatchResult> rows(String section, String end) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(section))
                .skip(1)
                .takeWhile(line -> !line.startsWith(end))
                .flatMap(line -> PROMISE.matcher(line).results())
                .filter(row -> !Set.of("property", "---").contains(row.group(1)))
                .toList();
    }

    /** Who writes down what holds must say what would tell if it did not hold any more. */
    @Test
    void everyPromiseNamesWhatProvesIt() throws IOException {
        var proofs = rows("### What proves it", "#").stream()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        var promises = rows("## What holds", "#");
        assertThat(promises).hasSizeGreaterThan(30);
        assertThat(promises)
                .allSatisfy(row -> assertThat(named(row.group(2) + proofs.getOrDefault(row.group(1), "")))
                        .as(
                                "tests or scripts that the row \"%s\" names, there or under \"What proves it\"",
                                row.group(1))
                        .isNotEmpty());
        assertThat(proofs.keySet())
                .as("properties that are proved")
                .isSubsetOf(promises.stream().map(row -> row.group(1)).toList());
    }

    @Test
    void whatIsNamedIsThere() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            var tests = files.map(file -> String.valueOf(file.getFileName()).replaceAll("\\.java$", ""))
                    .collect(Collectors.toSet());
            assertThat(named(Files.readString(PAGE)))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("hack/") ? Files.exists(Path.of(name)) : tests.contains(name));
        }
    }

    private static List<String> named(String text) {
        return PROOF.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void theTableHasEveryKindOnce() throws IOException {
        assertThat(rows())
                .as("rows with kind, what its author can reach, and the role, under \"%s\" in %s", SECTION, PAGE)
                .extracting(row -> row.group(1))
                .containsExactlyInAnyOrderElementsOf(Kinds.names());
    }

    @Test
    void theRoleThatItNamesIsShippedAndWritesThatKind() throws IOException {
        var plurals = Kinds.plurals();
        var names = Kinds.names();
        assertThat(rows())
                .allSatisfy(row -> assertThat(ShippedRights.roleWrites(
                                "xo-tailnet-operator-" + row.group(3).replace("`", ""),
                                plurals.get(names.indexOf(row.group(1)))))
                        .as("%s writes %s", row.group(3), row.group(1))
                        .isTrue());
    }
}
