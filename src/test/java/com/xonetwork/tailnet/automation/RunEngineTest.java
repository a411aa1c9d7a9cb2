package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an engine needs beside the operator's code. */
class RunEngineTest {

    private static final Path RUNNER = Path.of("runners/src/xo_runner/engines");
    private static final Path EXAMPLES = Path.of("examples/automation");
    private static final Path PAGE = Path.of("docs/concepts/runs.md");

    @ParameterizedTest
    @EnumSource(AutomationEngine.class)
    void theRunnerHasIt(AutomationEngine engine) throws IOException {
        assertThat(RUNNER.resolve(engine + ".py")).exists();
        assertThat(Files.readString(RUNNER.resolve("__init__.py")))
                .as("the names of engines in %s", RUNNER)
                .contains("if name == \"" + engine + "\":");
    }

    @ParameterizedTest
    @EnumSource(AutomationEngine.class)
    void isDocumentedAndHasAnExample(AutomationEngine engine) throws IOException {
        assertThat(Files.readString(PAGE).toLowerCase(Locale.ROOT))
                .as("%s", PAGE)
                .contains(engine.toString());
        try (var files = Files.list(EXAMPLES)) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml")).map(RunEngineTest::read))
                    .as("a template with \"engine: %s\" in %s", engine, EXAMPLES)
                    .anyMatch(text -> text.lines().anyMatch(("  engine: " + engine)::equals));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
