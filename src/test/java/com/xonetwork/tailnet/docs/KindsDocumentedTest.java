package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testing.Kind;
import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a kind needs beside its code, for those who meet it in the documentation. */
class KindsDocumentedTest {

    private static final Path CONTRIBUTING = Path.of("CONTRIBUTING.md");
    private static final Path EXAMPLES = Path.of("examples");

    static Stream<Kind> kinds() {
        return Kinds.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hasAnExample(Kind kind) {
        assertThat(YamlDocument.all())
                .as("a document with \"kind: %s\" in %s/", kind, EXAMPLES)
                .anyMatch(document -> document.file().startsWith(EXAMPLES)
                        && document.text().lines().anyMatch(("kind: " + kind)::equals));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itsPackageIsInTheTableOfPackages(Kind kind) throws IOException {
        assertThat(Files.readAllLines(CONTRIBUTING))
                .as("the package `%s` of %s in the table of packages in %s", kind.home(), kind, CONTRIBUTING)
                .anyMatch(line -> line.startsWith("| ") && line.split("\\|")[1].contains("`" + kind.home() + "`"));
    }

    @Test
    void noTwoShareAShortName() {
        assertThat(Kinds.ALL.stream().map(Kind::shortName)).doesNotHaveDuplicates();
    }
}
