package com.xonetwork.tailnet.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What the committed CRDs say of their fields. */
final class CrdSchemas {

    private CrdSchemas() {}

    /** The messages of the rules in CEL, by kind. */
    static Map<String, Set<String>> celMessages() {
        var found = new TreeMap<String, Set<String>>();
        for (var crd : all()) {
            var messages = new TreeSet<String>();
            walk(
                    spec(crd),
                    schema -> schema.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage())));
            found.put(kind(crd), messages);
        }
        return found;
    }

    /** The fields right below {@code spec} or {@code status}. */
    static Set<String> topLevelFields(CustomResourceDefinition crd, String part) {
        return root(crd).getProperties().get(part).getProperties().keySet();
    }

    static List<CustomResourceDefinition> all() {
        try (var files = Files.list(Path.of("crds"))) {
            return files.sorted().map(CrdSchemas::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String kind(CustomResourceDefinition crd) {
        return crd.getSpec().getNames().getKind().toLowerCase(Locale.ROOT);
    }

    private static CustomResourceDefinition read(Path file) {
        try {
            return Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JSONSchemaProps root(CustomResourceDefinition crd) {
        return crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    private static JSONSchemaProps spec(CustomResourceDefinition crd) {
        return root(crd).getProperties().get("spec");
    }

    private static void walk(JSONSchemaProps schema, Consumer<JSONSchemaProps> visitor) {
        visitor.accept(schema);
        schema.getProperties().values().forEach(property -> walk(property, visitor));
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            walk(schema.getItems().getSchema(), visitor);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            walk(schema.getAdditionalProperties().getSchema(), visitor);
        }
    }
}
