package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.pure.Pure;

/**
 * Fills in what a run did not say, as the API server does it for custom resources: a property that is absent gets its schema's
 * default; a nested object is completed where it is given, or is itself a default. Adds at most what the schema holds, as a
 * schema has no defaults below lists.
 */
@Pure
final class ParameterDefaults {

    private ParameterDefaults() {}

    /** @param schema one that can be used */
    static JsonNode completed(JsonNode schema, JsonNode given) {
        var properties = schema.path("properties");
        if (!given.isObject() || properties.isEmpty()) {
            return given;
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (var field : given.properties()) {
            all.set(field.getKey(), completed(properties.path(field.getKey()), field.getValue()));
        }
        for (var property : properties.properties()) {
            var preset = property.getValue().get("default");
            if (preset != null && !all.has(property.getKey())) {
                all.set(property.getKey(), completed(property.getValue(), preset));
            }
        }
        return all;
    }
}
