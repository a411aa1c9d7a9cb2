package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every rule in CEL has a file that breaks it and nothing else, {@code crd-rules/<kind>/<rule>.yaml}. The first line says what the
 * API server must answer. The bounds of single values are for {@link CrdBoundsIT}.
 */
@RealCluster
@Execution(ExecutionMode.CONCURRENT)
class CrdRulesIT {

    private static final Path FILES = Path.of("src/test/resources/crd-rules");
    private static final String EXPECT = "# expect: ";

    private static final List<String> COMPARING = List.of("cannot change", "stays cancelled");

    private record Invalid(Path file, String expected, String yaml) {
        static Invalid of(Path file) {
            var text = read(file);
            var firstLine = text.lines().findFirst().orElse("");
            assertThat(firstLine).as("the first line of " + file).startsWith(EXPECT);
            return new Invalid(file, firstLine.substring(EXPECT.length()).strip(), text);
        }

        String kind() {
            return file.getParent().getFileName().toString();
        }

        String rule() {
            return file.getFileName().toString().replaceAll("\\.yaml$", "");
        }
    }

    @TestFactory
    Stream<DynamicTest> invalidResourcesAreRefusedWithAReason(ClusterUnderTest cluster) {
        return invalid().stream()
                .map(invalid ->
                        dynamicTest(invalid.kind() + " " + invalid.rule(), () -> assertRefused(cluster, invalid)));
    }

    private static void assertRefused(ClusterUnderTest cluster, Invalid invalid) {
        var answer = cluster.dryRun(invalid.yaml());
        assertThat(answer.accepted())
                .as("%s is accepted by the API server, and must be refused", invalid.file())
                .isFalse();
        assertThat(answer.message()).contains(invalid.expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tailnet/unknown-field", "tailnet/both-control-planes", "subnetroute/host-bits-set"})
    void kubectlShowsTheSame(String file, ClusterUnderTest cluster) {
        var invalid = Invalid.of(FILES.resolve(file + ".yaml"));
        var result = cluster.kubectlWith(invalid.yaml(), "apply", "--server-side", "--dry-run=server", "-f", "-");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr()).contains(invalid.expected());
    }

    @Test
    void everyRuleInCelHasAFileThatExpectsItsMessage() {
        var missing = new TreeSet<String>();
        CrdSchemas.celMessages()
                .forEach((kind, messages) -> messages.stream()
                        .filter(message -> !isExpected(kind, message))
                        .forEach(message -> missing.add(kind + ": " + message)));
        assertThat(missing).as("rules that no file breaks").isEmpty();
    }

    /** Rules that compare with the old object need two versions of it: {@link CrdUsageIT} breaks them. */
    private static boolean isExpected(String kind, String message) {
        return COMPARING.stream().anyMatch(message::contains)
                || invalid().stream()
                        .anyMatch(invalid -> invalid.kind().equals(kind)
                                && invalid.expected().contains(message));
    }

    private static List<Invalid> invalid() {
        var kinds = Kinds.singulars();
        try (var files = Files.walk(FILES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file ->
                            kinds.contains(file.getParent().getFileName().toString()))
                    .sorted()
                    .map(Invalid::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
