package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** CONTRIBUTING says of each package what it holds. */
class PackagesDocumentedTest {

    private static final Path SOURCES = Path.of("src/main/java/com/xonetwork/tailnet");

    @Test
    void eachPackageIsInTheTable() throws IOException {
        var contributing = Files.readString(Path.of("CONTRIBUTING.md"));
        var table = contributing.substring(
                contributing.indexOf("| package | holds | must not know |"), contributing.indexOf("## Three levels"));
        try (var packages = Files.list(SOURCES)) {
            assertThat(packages.map(directory -> directory.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(table)
                            .as("CONTRIBUTING.md, section Packages: add a row for " + name)
                            .containsPattern("(?m)^\\|[^|]*`" + name + "[`/]"));
        }
    }
}
