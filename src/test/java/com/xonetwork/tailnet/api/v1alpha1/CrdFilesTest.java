package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.testing.WrittenFile;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the committed CRDs against the API types. {@code hack/crds} writes them anew. */
class CrdFilesTest {

    private static final Path COMMITTED = Path.of("crds");
    private static final Path SHIPPED = Path.of("deploy/kustomize/crds.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    Path generated;

    @Test
    void committedCrdsAreThoseOfTheApiTypes() throws IOException {
        CrdFiles.generate(generated);
        if (WrittenFile.isToBeWritten()) {
            write();
        }
        assertThat(contents(COMMITTED))
                .as("crds/ differs from the API types: run hack/crds and commit the result")
                .isEqualTo(contents(generated));
    }

    /** {@code hack/deploy --check} at the node level compares all of it; this is what a changed type forgets first. */
    @Test
    void theManifestsForThoseWithoutHelmHaveTheSame() throws IOException {
        var shipped = new TreeMap<String, CustomResourceDefinitionSpec>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(SHIPPED.toFile())) {
            documents.forEachRemaining(document -> add(shipped, document.toString()));
        }
        var committed = new TreeMap<String, CustomResourceDefinitionSpec>();
        contents(COMMITTED).values().forEach(text -> add(committed, text));

        assertThat(committed).hasSizeGreaterThan(8);
        assertThat(shipped.keySet()).isEqualTo(committed.keySet());
        assertThat(committed.keySet())
                .filteredOn(name -> !committed.get(name).equals(shipped.get(name)))
                .as("of these CRDs %s differs from crds/: run hack/deploy and commit the result", SHIPPED)
                .isEmpty();
    }

    private static void add(Map<String, CustomResourceDefinitionSpec> specs, String text) {
        var crd = Serialization.unmarshal(text, CustomResourceDefinition.class);
        specs.put(crd.getMetadata().getName(), crd.getSpec());
    }

    @Test
    void everyFieldIsExplained() throws IOException {
        CrdFiles.generate(generated);
        var unexplained = new ArrayList<String>();
        for (var text : contents(generated).values()) {
            var crd = Serialization.unmarshal(text, CustomResourceDefinition.class);
            var schema = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            collectUnexplained(crd.getSpec().getNames().getKind(), schema, unexplained);
        }
        assertThat(unexplained)
                .as("fields that kubectl explain says nothing about")
                .isEmpty();
    }

    @Test
    void everyListAndTextOfASpecIsBounded() throws IOException {
        CrdFiles.generate(generated);
        var unbounded = new ArrayList<String>();
        for (var text : contents(generated).values()) {
            var crd = Serialization.unmarshal(text, CustomResourceDefinition.class);
            var schema = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            collectUnbounded(
                    crd.getSpec().getNames().getKind() + ".spec",
                    schema.getProperties().get("spec"),
                    unbounded);
        }
        assertThat(unbounded)
                .as("without a bound the CEL cost of the rules is not known, and one object can be 1.5 MiB")
                .isEmpty();
    }

    private void write() throws IOException {
        Files.createDirectories(COMMITTED);
        try (var old = Files.newDirectoryStream(COMMITTED, "*.{yml,yaml}")) {
            for (var file : old) {
                Files.delete(file);
            }
        }
        for (var file : contents(generated).entrySet()) {
            Files.writeString(COMMITTED.resolve(file.getKey()), file.getValue());
        }
    }

    private static TreeMap<String, String> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(directory, "*.{yml,yaml}")) {
            for (var file : files) {
                contents.put(file.getFileName().toString().replace("-v1.yml", ".yaml"), Files.readString(file));
            }
        }
        return contents;
    }

    private static void collectUnexplained(String path, JSONSchemaProps schema, List<String> unexplained) {
        if (schema.getDescription() == null || schema.getDescription().isBlank()) {
            unexplained.add(path);
        }
        properties(schema).forEach((name, property) -> collectUnexplained(path + "." + name, property, unexplained));
        if (schema.getItems() != null) {
            properties(schema.getItems().getSchema())
                    .forEach((name, property) -> collectUnexplained(path + "[]." + name, property, unexplained));
        }
    }

    private static void collectUnbounded(String path, JSONSchemaProps schema, List<String> unbounded) {
        if ("array".equals(schema.getType())) {
            if (schema.getMaxItems() == null) {
                unbounded.add(path);
            }
            collectUnbounded(path + "[]", schema.getItems().getSchema(), unbounded);
        }
        if ("string".equals(schema.getType())
                && schema.getMaxLength() == null
                && schema.getEnum().isEmpty()) {
            unbounded.add(path);
        }
        properties(schema).forEach((name, property) -> collectUnbounded(path + "." + name, property, unbounded));
    }

    private static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
        return schema.getProperties() == null ? Map.of() : schema.getProperties();
    }
}
