package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a run's parameters against its template's JSON Schema. Pure: no schema is fetched from anywhere. */
public final class Parameters {

    private static final int MOST_COMPLAINTS = 10;

    /** A schema that refers to another place would make the operator ask strangers. */
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.values(List::clear)));

    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private Parameters() {}

    /** What is wrong with a schema, in words for a user; empty when nothing is. */
    static List<String> complaintsOfSchema(@Nullable JsonNode schema, RunEngine engine) {
        if (schema == null) {
            return List.of();
        }
        if (!"object".equals(schema.path("type").asText())) {
            return List.of("parameters must be a JSON Schema with type: object");
        }
        try {
            var complaints = complaints(SCHEMAS.getSchema(SchemaLocation.of(VersionFlag.V202012.getId()), CONFIG)
                    .validate(schema.toString(), InputFormat.JSON));
            if (complaints.isEmpty()) {
                SCHEMAS.getSchema(schema, CONFIG).initializeValidators();
            }
            return complaints.isEmpty() ? names(schema.path("properties"), engine) : complaints;
        } catch (RuntimeException e) {
            return List.of("parameters is no JSON Schema that can be used: " + e.getMessage());
        }
    }

    /**
     * What is wrong with parameters for a run of a template, in words for a user: for whoever wants to know before there is a
     * run. The run itself is judged again when it is planned.
     */
    public static List<String> complaints(AutomationTemplateSpec template, @Nullable JsonNode given) {
        return complaints(template.parameters(), given, RunEngine.of(template.engine()));
    }

    /** What is wrong with a run's parameters. */
    static List<String> complaints(@Nullable JsonNode schema, @Nullable JsonNode given, RunEngine engine) {
        var parameters = given == null ? JsonNodeFactory.instance.objectNode() : given;
        if (!parameters.isObject()) {
            return List.of("parameters must be an object");
        }
        if (schema == null) {
            return parameters.isEmpty() ? List.of() : List.of("the template takes no parameters");
        }
        var names = names(parameters, engine);
        return names.isEmpty() ? complaints(SCHEMAS.getSchema(schema, CONFIG).validate(parameters)) : names;
    }

    private static List<String> names(JsonNode object, RunEngine engine) {
        return object.properties().stream()
                .flatMap(field -> engine.refusalOfParameter(field.getKey()).stream())
                .limit(MOST_COMPLAINTS)
                .toList();
    }

    private static List<String> complaints(Set<ValidationMessage> messages) {
        return messages.stream()
                .map(ValidationMessage::getMessage)
                .sorted()
                .limit(MOST_COMPLAINTS)
                .toList();
    }
}
