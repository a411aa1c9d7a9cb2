package com.xonetwork.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
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
            var missing = packages.map(directory -> directory.getFileName().toString())
                    .filter(name -> !Pattern.compile("(?m)^\\|[^|]*`" + name + "[`/]")
                            .matcher(table)
                            .find());
            assertThat(missing)
                    .as("packages without a row in CONTRIBUTING.md, section Packages")
                    .isEmpty();
        }
    }
}
