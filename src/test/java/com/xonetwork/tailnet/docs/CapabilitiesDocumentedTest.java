package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users read them in {@code status.capabilities}. */
class CapabilitiesDocumentedTest {

    @ParameterizedTest
    @EnumSource
    void theTableExplainsIt(Capability capability) throws IOException {
        assertThat(Files.readAllLines(Path.of("docs/reference/features.md")))
                .as("docs/reference/features.md: add a row for " + capability)
                .anyMatch(line -> line.startsWith("| `") && line.split("\\|")[1].contains("`" + capability + "`"));
    }
}
