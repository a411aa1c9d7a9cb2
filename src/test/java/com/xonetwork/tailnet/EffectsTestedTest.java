package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each class of effects has a test of its own beside it, without a cluster: what it does when a write is refused, comes second or
 * is half done can be played there, and hardly in a story.
 */
class EffectsTestedTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");

    static List<Path> effects() throws IOException {
        try (var sources = Files.walk(MAIN)) {
            return sources.filter(path -> path.toString().endsWith("Effects.java"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("effects")
    void eachHasATestThatMakesOne(Path source) throws IOException {
        var name = source.getFileName().toString().replace(".java", "");
        var test = TESTS.resolve(MAIN.relativize(source)).resolveSibling(name + "Test.java");

        assertThat(test)
                .as("Write a unit test for %s. MemoryApiServer plays the API server.", name)
                .exists();
        assertThat(Files.readString(test)).contains("new " + name + "(", "@Test");
    }
}
