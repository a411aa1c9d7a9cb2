package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine needs beside the operator's code. */
class RunEngineTest {

    private static final Path EXAMPLES = Path.of("examples/automation");
    private static final Path PAGE = Path.of("docs/concepts/runs.md");
    private static final Path FIELDS = Path.of("docs/reference/fields.md");

    /** The runner finds its engines by their files, and so do the tests of all engines. */
    @ParameterizedTest
    @ValueSource(strings = {"runners/src/xo_runner/engines", "runners/tests/sources"})
    void theRunnerAndItsTestsHaveTheSameEngines(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".py") && !name.startsWith("_"))
                            .map(name -> name.substring(0, name.length() - ".py".length())))
                    .as("one file in %s for each engine of AutomationEngine", folder)
                    .containsExactlyInAnyOrderElementsOf(words());
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasItsRowAndAnExample(AutomationEngine engine) throws IOException {
        assertThat(Files.readAllLines(PAGE))
                .as("%s: a row of the table of engines that begins with | `%s` |", PAGE, engine)
                .anyMatch(line -> line.startsWith("| `" + engine + "` |"));
        try (var files = Files.list(EXAMPLES)) {
            var templates =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(templates)
                    .as("a template with \"engine: %s\" in %s", engine, EXAMPLES)
                    .anySatisfy(file -> assertThat(Files.readAllLines(file)).contains("  engine: " + engine));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "runners/contract.md"})
    void readersHearOfEachEngine(Path page) throws IOException {
        var text = Files.readString(page).toLowerCase(Locale.ROOT);
        assertThat(words()).as("engines that %s does not name", page).allMatch(text::contains);
    }

    /** A description that says how it is for one engine and not for another leaves a user of the other to guess. */
    @Test
    void aDescriptionThatNamesAnEngineNamesAll() throws IOException {
        var incomplete = Files.readAllLines(FIELDS).stream()
                .filter(line -> !Set.of(0, words().size()).contains(named(line).size()))
                .map(line -> line + " names only " + named(line))
                .toList();
        assertThat(incomplete)
                .as("descriptions of fields: complete the texts in AutomationEngine, then run hack/crds")
                .isEmpty();
        assertThat(Files.readAllLines(FIELDS)).anyMatch(line -> named(line).size() == words().size());
    }

    private static Set<String> named(String line) {
        var found = Arrays.asList(line.split("[^a-zA-Z]+"));
        return words().stream().filter(found::contains).collect(Collectors.toSet());
    }

    private static List<String> words() {
        return Arrays.stream(AutomationEngine.values())
                .map(AutomationEngine::toString)
                .toList();
    }
}
