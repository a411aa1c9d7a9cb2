package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A class that grows past these holds more than one thing. */
class SourceSizeTest {

    private static final int RECONCILER = 150;
    private static final int FILE = 400;

    static List<Path> sources() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(path -> path.toString().endsWith(".java")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void noFileIsLong(Path source) throws IOException {
        var most = source.toString().endsWith("Reconciler.java") ? RECONCILER : FILE;

        assertThat(Files.readAllLines(source)).hasSizeLessThan(most);
    }
}
