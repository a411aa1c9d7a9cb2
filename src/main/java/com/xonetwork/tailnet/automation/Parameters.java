package com.xonetwork.tailnet.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateSpec;
import com.xonetwork.tailnet.api.v1alpha1.BoundedJson;
import com.xonetwork.tailnet.pure.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks a run's parameters against its template's schema, and completes them with its defaults. No schema is fetched from
 * anywhere. Both are written by strangers: {@link ParameterSchema} and {@link JsonBounds} bound what the library gets to see, and
 * the library stops at the first complaint of each parameter.
 */
@Pure
public final class Parameters {

    /** Of a run. They become part of a Secret, and of the run's hash. */
    private static final JsonBounds BOUNDS = new JsonBounds(BoundedJson.MOST_BYTES, 16, BoundedJson.MOST_VALUES);

    private static final String TOO_MUCH = "more than " + BoundedJson.MOST_BYTES + " bytes or "
            + BoundedJson.MOST_VALUES + " values, or is nested more than " + BoundedJson.DEEPEST + " levels deep";

    private static final int MOST_COMPLAINTS = 10;
    private static final int LONGEST_COMPLAINT = 300;

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(
            VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.values(List::clear)));

    private Parameters() {}

    /** What is wrong with a schema, in words for a user; empty when nothing is. */
    static List<String> complaintsOfSchema(@Nullable JsonNode schema, RunEngine engine) {
        if (schema == null) {
            return List.of();
        }
        if (schema.equals(BoundedJson.PASSED_OVER)) {
            return List.of("parameters has " + TOO_MUCH + ": make the schema smaller");
        }
        var refusal = ParameterSchema.refusal(schema);
        if (refusal.isPresent()) {
            return List.of(cut(refusal.get()));
        }
        var names = names(schema.path("properties"), engine);
        return names.isEmpty() ? complaintsOfDefaults(schema) : names;
    }

    private static List<String> complaintsOfDefaults(JsonNode schema) {
        var complaints = new ArrayList<String>();
        for (var preset : ParameterSchema.defaults(schema)) {
            var value = preset.schema().get("default");
            var complaint = complaint(preset.schema(), ParameterDefaults.completed(preset.schema(), value));
            if (complaint != null && complaints.size() < MOST_COMPLAINTS) {
                complaints.add(cut(preset.path() + ".default does not fit its own schema: " + complaint));
            }
        }
        return complaints;
    }

    /**
     * What is wrong with parameters for a run of a template, in words for a user: for whoever wants to know before there is a
     * run. The run itself is judged again when it is planned. Says nothing of a template that is not valid itself.
     */
    public static List<String> complaints(AutomationTemplateSpec template, @Nullable JsonNode given) {
        var engine = RunEngine.of(template.engine());
        var bad = complaintsOfSchema(template.parameters(), engine);
        return bad.isEmpty() ? complaints(template.parameters(), given, engine) : bad;
    }

    /**
     * What is wrong with a run's parameters, before they are completed.
     *
     * @param schema one that {@link #complaintsOfSchema} finds nothing wrong with
     */
    static List<String> complaints(@Nullable JsonNode schema, @Nullable JsonNode given, RunEngine engine) {
        var parameters = given == null ? JsonNodeFactory.instance.objectNode() : given;
        if (parameters.equals(BoundedJson.PASSED_OVER)) {
            return List.of(
                    "parameters has " + TOO_MUCH + ": put large data into the ConfigMap of the template's source");
        }
        if (!parameters.isObject()) {
            return List.of("parameters must be an object");
        }
        var tooMuch = BOUNDS.refusal(parameters);
        if (tooMuch.isPresent()) {
            return List.of("parameters " + tooMuch.get());
        }
        if (schema == null) {
            return parameters.isEmpty() ? List.of() : List.of("the template takes no parameters");
        }
        var names = names(parameters, engine);
        return names.isEmpty() ? complaints(schema, ParameterDefaults.completed(schema, parameters)) : names;
    }

    /**
     * Parameters with the schema's defaults for what they lack, of nested objects too. The same for the same input.
     *
     * @param schema one that {@link #complaintsOfSchema} finds nothing wrong with; null for none
     * @param given parameters that {@link #complaints} finds nothing wrong with; null for none
     * @return an object; what was given is not changed
     */
    static JsonNode completed(@Nullable JsonNode schema, @Nullable JsonNode given) {
        var parameters = given == null ? JsonNodeFactory.instance.objectNode() : given;
        return schema == null ? parameters : ParameterDefaults.completed(schema, parameters);
    }

    private static List<String> names(JsonNode object, RunEngine engine) {
        return object.properties().stream()
                .flatMap(field -> engine.refusalOfParameter(field.getKey()).stream())
                .map(Parameters::cut)
                .limit(MOST_COMPLAINTS)
                .toList();
    }

    /** One of each parameter where there is one, as a library's complaints of all elements of a long list fill the memory. */
    private static List<String> complaints(JsonNode schema, JsonNode parameters) {
        var first = complaint(schema, parameters);
        if (first == null) {
            return List.of();
        }
        var properties = schema.path("properties");
        var complaints = new ArrayList<String>();
        for (var field : parameters.properties()) {
            var property = properties.get(field.getKey());
            var wrong = property == null ? "it is not one of the template's" : complaint(property, field.getValue());
            if (wrong != null && complaints.size() < MOST_COMPLAINTS) {
                complaints.add(cut(field.getKey() + ": " + wrong));
            }
        }
        for (var name : schema.path("required")) {
            if (!parameters.has(name.textValue()) && complaints.size() < MOST_COMPLAINTS) {
                complaints.add(cut(name.textValue() + ": it is required"));
            }
        }
        return complaints.isEmpty() ? List.of(cut(first)) : complaints;
    }

    /** The first that is found; null for none. */
    private static @Nullable String complaint(JsonNode schema, JsonNode value) {
        try {
            return validator(schema).validate(value).stream()
                    .map(ValidationMessage::getMessage)
                    .findFirst()
                    .orElse(null);
        } catch (LinearPattern.TooMuchWork e) {
            return e.getMessage();
        }
    }

    private static JsonSchema validator(JsonNode schema) {
        return SCHEMAS.getSchema(
                schema,
                SchemaValidatorsConfig.builder()
                        .formatAssertionsEnabled(true)
                        .failFast(true)
                        .cacheRefs(false)
                        .locale(Locale.ROOT)
                        .regularExpressionFactory(LinearPattern.forOneCheck())
                        .build());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_COMPLAINT ? text : text.substring(0, LONGEST_COMPLAINT) + "...";
    }
}
