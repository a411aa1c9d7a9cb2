package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.testing.Kind;
import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the conditions in the documentation against status/ConditionType. */
class ConditionTypesDocumentedTest {

    private static final Path PAGE = Path.of("docs/concepts/status.md");
    private static final String TABLE = "| kind | facts | changes told as Events |";
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern WORD = Pattern.compile("\\b[A-Z][A-Za-z]+\\b");
    private static final int CONDITIONS_OF_A_REASON = 3;

    /** @param kinds as written, for example {@code SubnetRoute, ExitNode} */
    private record Row(List<String> kinds, List<String> facts, List<String> told) {

        static Row of(String line) {
            var cells = line.split("\\|");
            return new Row(List.of(cells[1].strip().split(", ")), quoted(cells[2]), quoted(cells[3]));
        }

        private static List<String> quoted(String cell) {
            return QUOTED.matcher(cell)
                    .results()
                    .map(found -> found.group(1))
                    .filter(word -> WORD.matcher(word).matches())
                    .toList();
        }
    }

    static Stream<Kind> kinds() {
        return Kinds.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theTableHasTheFactsOfEveryKind(Kind kind) throws IOException {
        var row = row(kind);

        assertThat(row.facts())
                .as("the facts of %s in the table \"%s\" of %s, against status/ConditionType", kind, TABLE, PAGE)
                .isEqualTo(words(type -> !type.isSummary() && type.isOn(kind.type())));
        assertThat(row.told())
                .as("what is told of %s in the table \"%s\" of %s, against status/ConditionType", kind, TABLE, PAGE)
                .isEqualTo(words(type -> type.isToldOn(kind.type())));
    }

    @Test
    void theTableHasNoOtherKind() throws IOException {
        assertThat(rows().flatMap(row -> row.kinds().stream()))
                .as("the kinds in the table \"%s\" of %s", TABLE, PAGE)
                .containsExactlyInAnyOrderElementsOf(Kinds.names());
    }

    @Test
    void reasonsAreGivenByConditionsThatThereAre() throws IOException {
        var strangers = new ArrayList<String>();
        for (var line : Files.readAllLines(PAGE)) {
            var cells = line.split("\\|");
            if (line.startsWith("| `") && cells.length > CONDITIONS_OF_A_REASON) {
                WORD.matcher(cells[CONDITIONS_OF_A_REASON])
                        .results()
                        .map(found -> found.group())
                        .filter(word -> ConditionType.of(word).isEmpty())
                        .filter(word -> !Kinds.names().contains(word))
                        .filter(word -> !word.equals("Unknown"))
                        .forEach(word -> strangers.add(word + " in: " + line));
            }
        }

        assertThat(strangers)
                .as("words in the column \"on\" of %s that are no condition type", PAGE)
                .isEmpty();
    }

    private static List<String> words(Predicate<ConditionType> filter) {
        return Arrays.stream(ConditionType.values())
                .filter(filter)
                .map(ConditionType::toString)
                .toList();
    }

    private static Row row(Kind kind) throws IOException {
        return rows().filter(row -> row.kinds().contains(kind.name()))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("%s is missing in the table \"%s\" of %s".formatted(kind, TABLE, PAGE)));
    }

    private static Stream<Row> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(TABLE))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(Row::of);
    }
}
