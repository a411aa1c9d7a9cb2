package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.status.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the table of reasons in the documentation against the reasons that there are. */
class ReasonsDocumentedTest {

    private static final Path PAGE = Path.of("docs/concepts/status.md");
    private static final String SECTION = "## Reasons";
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\| [^|]+ \\|");

    @Test
    void theTableHasEveryReasonWithItsOutcomeInTheOrderOfTheCode() throws IOException {
        var expected = Arrays.stream(Reason.values())
                .map(reason -> reason + ": " + words(reason.outcome()))
                .toList();

        assertThat(rows())
                .as("the rows of the table under \"%s\" in %s, against status/Reason", SECTION, PAGE)
                .isEqualTo(expected);
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(SECTION))
                .filter(line -> line.startsWith("| `"))
                .map(ReasonsDocumentedTest::row)
                .toList();
    }

    private static String row(String line) {
        var matcher = ROW.matcher(line);
        assertThat(matcher.matches())
                .as("a row with reason, outcome, conditions and meaning: %s", line)
                .isTrue();
        return matcher.group(1) + ": " + matcher.group(2).strip();
    }

    private static String words(Reason.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
