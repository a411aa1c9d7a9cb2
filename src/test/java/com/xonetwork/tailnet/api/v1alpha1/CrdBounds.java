package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every bound of the specs in the committed CRDs, and valid resources to begin from. */
final class CrdBounds {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Set<String> BOUNDS = Set.of(
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "enum");

    /** What bounds nothing by a value, or is tested elsewhere: rules in CEL have files of their own. */
    private static final Set<String> NO_BOUNDS = Set.of(
            "type",
            "description",
            "default",
            "properties",
            "items",
            "additionalProperties",
            "required",
            "x-kubernetes-validations",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys");

    private CrdBounds() {}

    static List<CrdBound> all() {
        var found = new ArrayList<CrdBound>();
        for (var crd : crds()) {
            var kind = crd.at("/spec/names/kind").asText();
            var schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
            var spec = new CrdBound(kind.toLowerCase(Locale.ROOT), schema, List.of("spec"), "required");
            found.add(spec);
            collect(found, spec, below(schema, "spec"));
        }
        return found;
    }

    /** By the name of a pattern, a value that it must refuse, whatever else it refuses. */
    static Map<String, String> mustRefuse() {
        var values = new TreeMap<String, String>();
        documents(Path.of("src/test/resources/crd-patterns.yaml"))
                .forEach(document -> document.properties()
                        .forEach(value ->
                                values.put(value.getKey(), value.getValue().asText())));
        return values;
    }

    /** Keywords of the schemas that this test does not know: each may be a bound. */
    static Set<String> unknownKeywords() {
        var unknown = new TreeSet<String>();
        crds().forEach(crd ->
                unknownKeywords(unknown, below(crd.at("/spec/versions/0/schema/openAPIV3Schema"), "spec")));
        return unknown;
    }

    /** The schema of what is one step below. */
    static JsonNode below(JsonNode schema, String step) {
        var below = switch (step) {
            case CrdBound.ITEM -> schema.path("items");
            case CrdBound.VALUE -> schema.path("additionalProperties");
            default -> schema.path("properties").path(step);
        };
        if (!below.isObject()) {
            throw new IllegalStateException("no schema of " + step + " in " + schema);
        }
        return below;
    }

    /** The valid resource of the bound's kind in which the most of its path is there. */
    static ObjectNode validFor(CrdBound bound) {
        return Stream.of("minimal.yaml", "full.yaml")
                .flatMap(file -> documents(Path.of("src/test/resources/crd-rules/valid", file)).stream())
                .filter(document ->
                        document.path("kind").asText().toLowerCase(Locale.ROOT).equals(bound.kind()))
                .max(Comparator.comparing(bound::depthIn))
                .orElseThrow();
    }

    private static void collect(List<CrdBound> found, CrdBound at, JsonNode schema) {
        BOUNDS.stream()
                .filter(schema::has)
                .sorted()
                .forEach(keyword -> found.add(new CrdBound(at.kind(), at.schema(), at.path(), keyword)));
        schema.path("required").forEach(field -> found.add(step(at, field.asText(), "required")));
        steps(schema).forEach(step -> collect(found, step(at, step, ""), below(schema, step)));
    }

    private static CrdBound step(CrdBound at, String step, String keyword) {
        var path = Stream.concat(at.path().stream(), Stream.of(step)).toList();
        return new CrdBound(at.kind(), at.schema(), path, keyword);
    }

    private static List<String> steps(JsonNode schema) {
        var steps = new ArrayList<String>();
        schema.path("properties").fieldNames().forEachRemaining(steps::add);
        if (schema.path("items").isObject()) {
            steps.add(CrdBound.ITEM);
        }
        if (schema.path("additionalProperties").isObject()) {
            steps.add(CrdBound.VALUE);
        }
        return steps;
    }

    private static void unknownKeywords(Set<String> unknown, JsonNode schema) {
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!BOUNDS.contains(keyword) && !NO_BOUNDS.contains(keyword)) {
                unknown.add(keyword);
            }
        });
        steps(schema).forEach(step -> unknownKeywords(unknown, below(schema, step)));
    }

    private static List<JsonNode> crds() {
        try (var files = Files.list(Path.of("crds"))) {
            return files.sorted()
                    .flatMap(file -> documents(file).stream())
                    .<JsonNode>map(crd -> crd)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ObjectNode> documents(Path file) {
        try (var values = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
            return values.readAll();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file.toString(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
