package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for people who meet a condition for the first time: it leaves out no condition, and names no reason that is not. */
class ReadAStatusTest {

    private static final Path PAGE = Path.of("docs/how-to/read-a-status.md");
    private static final Pattern QUOTED = Pattern.compile("`([A-Za-z]+)`");

    @Test
    void everyConditionIsExplained() throws IOException {
        assertThat(words("| kind | condition | True means |", 2))
                .as("conditions in the table \"True means\" of %s, against status/ConditionType", PAGE)
                .containsAll(Arrays.stream(ConditionType.values())
                        .filter(type -> !type.isSummary())
                        .map(ConditionType::toString)
                        .toList())
                .isSubsetOf(Arrays.stream(ConditionType.values())
                        .map(ConditionType::toString)
                        .toList());
    }

    @Test
    void everyReasonIsOne() throws IOException {
        assertThat(words("| reason | what to do |", 1))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(Reason.values()).map(Reason::toString).toList());
    }

    private static List<String> words(String head, int column) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(head))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> QUOTED.matcher(line.split("\\|")[column]).results())
                .map(found -> found.group(1))
                .toList();
    }
}
