package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** No resource can say a namespace: what it refers to is in its own. */
class NoOtherNamespaceTest {

    @Test
    void noFieldOfAnyKindIsForANamespace() {
        var fields = new ArrayList<String>();
        for (var crd : CrdSchemas.all()) {
            assertThat(crd.getSpec().getScope()).isEqualTo("Namespaced");
            crd.getSpec()
                    .getVersions()
                    .forEach(version ->
                            fields(CrdSchemas.kind(crd), version.getSchema().getOpenAPIV3Schema(), fields));
        }
        assertThat(fields)
                .hasSizeGreaterThan(400)
                .noneMatch(field -> field.substring(field.lastIndexOf('.') + 1)
                        .toLowerCase(Locale.ROOT)
                        .contains("namespace"));
    }

    private static void fields(String path, JSONSchemaProps schema, List<String> found) {
        Objects.requireNonNullElse(schema.getProperties(), Map.<String, JSONSchemaProps>of())
                .forEach((name, below) -> {
                    found.add(path + "." + name);
                    fields(path + "." + name, below, found);
                });
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            fields(path + "[]", schema.getItems().getSchema(), found);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            fields(path + "{}", schema.getAdditionalProperties().getSchema(), found);
        }
    }
}
