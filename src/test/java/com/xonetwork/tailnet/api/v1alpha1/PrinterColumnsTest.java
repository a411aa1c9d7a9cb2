package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A column holds one value: of a path with {@code [*]} kubectl prints the first alone, and a list makes the table unreadable. */
class PrinterColumnsTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern CONDITION = Pattern.compile("@\\.type==['\"](\\w+)['\"]");

    static Stream<Path> crds() throws IOException {
        try (var files = Files.list(Path.of("crds"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("crds")
    void everyColumnIsOneValue(Path crd) throws IOException {
        var version = YAML.readTree(crd.toFile()).at("/spec/versions/0");
        for (var column : version.path("additionalPrinterColumns")) {
            var path = column.path("jsonPath").asText();
            assertThat(path).as("%s", crd).doesNotContain("[*]");
            assertThat(type(version.at("/schema/openAPIV3Schema"), path))
                    .as("%s %s %s", crd.getFileName(), column.path("name"), path)
                    .isNotIn("array", "object");
        }
    }

    @ParameterizedTest
    @MethodSource("crds")
    void aColumnOfAConditionShowsOneOfTheKind(Path crd) throws IOException {
        var name = YAML.readTree(crd.toFile()).at("/spec/names/kind").asText();
        var kind = Kinds.named(name).type();
        for (var column : YAML.readTree(crd.toFile()).at("/spec/versions/0/additionalPrinterColumns")) {
            CONDITION
                    .matcher(column.path("jsonPath").asText())
                    .results()
                    .forEach(
                            found -> assertThat(ConditionType.of(found.group(1)).filter(type -> type.isOn(kind)))
                                    .as(
                                            "%s of column %s of %s, against status/ConditionType",
                                            found.group(1), column.path("name"), name)
                                    .isPresent());
        }
    }

    private static String type(JsonNode schema, String jsonPath) {
        if (jsonPath.contains("[?(") || jsonPath.startsWith(".metadata")) {
            return "string";
        }
        var field = schema;
        for (var name : jsonPath.substring(1).split("\\.")) {
            field = field.path("properties").path(name);
        }
        assertThat(field.isMissingNode()).as("a field at %s", jsonPath).isFalse();
        return field.path("type").asText();
    }

    @Test
    void aListIsShortened() {
        assertThat(Shortened.of(List.of())).isNull();
        assertThat(Shortened.of(List.of("a"))).isEqualTo("a");
        assertThat(Shortened.of(List.of("a", "b", "c"))).isEqualTo("a,b,c");
        assertThat(Shortened.of(
                        IntStream.range(0, 64).mapToObj(i -> "tag:t" + i).toList()))
                .isEqualTo("tag:t0,tag:t1,tag:t2 + 61 more...");
    }
}
