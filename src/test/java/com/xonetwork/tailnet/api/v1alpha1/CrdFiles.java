package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Generates the CRDs from the API types, finished with what Fabric8's generator leaves out. */
final class CrdFiles {

    /** Objects whose shape is not ours to define: the API server must keep what it does not know. */
    private static final List<String> FREE_FORM = List.of("fragment", "parameters");

    private CrdFiles() {}

    static void generate(Path directory) {
        var generator = new CRDGenerator()
                .inOutputDir(directory.toFile())
                .forCRDVersions("v1")
                // Quoted throughout: a bare Off is a boolean to YAML 1.1 readers, and kubectl is one.
                .withMinQuotes(false)
                .withPostProcessor(new Finish());
        generator.customResourceClasses(List.copyOf(Kinds.types()));
        if (generator.generate() != Kinds.ALL.size()) {
            throw new IllegalStateException("not every CRD was generated");
        }
    }

    private static final class Finish implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata resource, String version) {
            var crd = (CustomResourceDefinition) resource;
            var kind = Kinds.named(crd.getSpec().getNames().getKind()).type();
            crd.getSpec().getVersions().forEach(served -> finish(served, kind));
            return crd;
        }

        private static void finish(CustomResourceDefinitionVersion version, Class<?> kind) {
            // The generator sorts columns by their paths; users read them in the order in which they are declared.
            var order = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                    .map(AdditionalPrinterColumn::name)
                    .toList();
            version.getAdditionalPrinterColumns()
                    .sort(Comparator.comparing(
                            (CustomResourceColumnDefinition column) -> order.indexOf(column.getName())));
            var schema = version.getSchema().getOpenAPIV3Schema();
            schema.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
            var spec = schema.getProperties().get("spec");
            spec.setDescription("What is wanted.");
            FREE_FORM.forEach(field -> Optional.ofNullable(spec.getProperties().get(field))
                    .ifPresent(free -> {
                        free.setAdditionalProperties(null);
                        free.setXKubernetesPreserveUnknownFields(true);
                    }));
            var status = schema.getProperties().get("status");
            status.setDescription("What the operator found out. Written by the operator only.");
            var conditions = status.getProperties().get("conditions");
            // Not a map by type, as other APIs have it for several writers: a status has one, and the API server would
            // keep the
            // owner of each field of each condition, which took it a fifth of the time that 2,000 new nodes need to be
            // Ready.
            conditions.setXKubernetesListType("atomic");
        }
    }
}
