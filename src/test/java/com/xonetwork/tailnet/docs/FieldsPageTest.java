package com.xonetwork.tailnet.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.testing.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/fields.md} is what the CRDs say. {@code hack/crds} writes it. */
class FieldsPageTest {

    private static final Path PAGE = Path.of("docs/reference/fields.md");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> BOUNDS =
            List.of("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "maxProperties");

    private static final String HEAD = """
            # Fields

            Written by `hack/crds` from the CRDs: do not change it here. `kubectl explain` says the same in a cluster. A field with * is required.

            """;

    @Test
    void thePageSaysWhatTheCrdsSay() throws IOException {
        var kinds = new TreeMap<String, JsonNode>();
        try (var files = Files.list(Path.of("crds"))) {
            for (var file : files.toList()) {
                var crd = YAML.readTree(file.toFile());
                kinds.put(crd.at("/spec/names/kind").asText(), crd);
            }
        }
        var page = new StringBuilder(HEAD);
        kinds.forEach((kind, crd) -> write(page, kind, crd));
        WrittenFile.assertSays(PAGE, page.toString());
    }

    private static void write(StringBuilder page, String kind, JsonNode crd) {
        var schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        page.append("## ").append(kind).append("\n\n");
        page.append(oneLine(schema.path("description").asText())).append("\n\n");
        for (var part : List.of("spec", "status")) {
            page.append("| ").append(part).append(" | type | what it is |\n|---|---|---|\n");
            rows(page, "", schema.path("properties").path(part));
            page.append('\n');
        }
    }

    private static void rows(StringBuilder page, String prefix, JsonNode object) {
        var required = new ArrayList<String>();
        object.path("required").forEach(name -> required.add(name.asText()));
        object.path("properties").properties().forEach(field -> {
            var name = prefix + field.getKey();
            var schema = field.getValue();
            page.append("| `%s`%s | %s | %s |\n"
                    .formatted(name, required.contains(field.getKey()) ? " *" : "", type(schema), text(schema)));
            rows(page, name + ".", schema);
            rows(page, name + "[].", schema.path("items"));
            rows(page, name + ".*.", schema.path("additionalProperties"));
        });
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type").asText("any");
        return switch (type) {
            case "array" -> "list of " + type(schema.path("items"));
            case "object" ->
                schema.path("additionalProperties").has("type")
                        ? "map of " + type(schema.path("additionalProperties"))
                        : "object";
            default -> type;
        };
    }

    private static String text(JsonNode schema) {
        var parts = new ArrayList<String>();
        parts.add(oneLine(schema.path("description").asText()));
        if (schema.has("enum")) {
            var words = new ArrayList<String>();
            schema.path("enum").forEach(word -> words.add('`' + word.asText() + '`'));
            parts.add("One of " + String.join(", ", words) + ".");
        }
        if (schema.has("default")) {
            parts.add("Default `" + schema.path("default") + "`.");
        }
        var bounds = BOUNDS.stream()
                .filter(schema::has)
                .map(bound -> bound + " " + schema.path(bound).asText().replaceFirst("\\.0$", ""))
                .toList();
        if (!bounds.isEmpty()) {
            parts.add(String.join(", ", bounds) + ".");
        }
        schema.path("x-kubernetes-validations")
                .forEach(rule -> parts.add("*" + oneLine(rule.path("message").asText()) + "*."));
        return String.join(" ", parts).strip();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|").strip();
    }
}
