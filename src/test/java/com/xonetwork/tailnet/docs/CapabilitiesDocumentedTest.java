package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users read them in {@code status.capabilities}. */
class CapabilitiesDocumentedTest {

    private static final Path PAGE = Path.of("docs/reference/features.md");

    @ParameterizedTest
    @EnumSource
    void theTableExplainsIt(Capability capability) throws IOException {
        assertThat(rows(capability)).as("%s: rows for %s", PAGE, capability).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theTableSaysWhetherTheOperatorUsesIt(Capability capability) throws IOException {
        assertThat(rows(capability))
                .as("%s: whether the operator uses %s, which it does when there is a port", PAGE, capability)
                .allMatch(row ->
                        row.contains("does not use it yet") == capability.port().isEmpty());
    }

    private static List<String> rows(Capability capability) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `") && line.split("\\|")[1].contains("`" + capability + "`"))
                .toList();
    }
}
