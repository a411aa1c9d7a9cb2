package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever gives somebody the right to write a kind must be able to read what else they give with it. */
class SecurityPageTest {

    private static final Path PAGE = Path.of("SECURITY.md");
    private static final String SECTION = "## What the author of each kind can reach";
    private static final Pattern ROW = Pattern.compile("\\| `([A-Za-z]+)` \\| ([^|]{40,}) \\| ([^|]{3,}) \\|");

    private static List<MatchResult> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(SECTION))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .flatMap(line -> ROW.matcher(line).results())
                .toList();
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
