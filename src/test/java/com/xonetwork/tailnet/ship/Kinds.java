package com.xonetwork.tailnet.ship;

import com.xonetwork.tailnet.testbed.ShippedManifests;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionNames;
import java.nio.file.Path;
import java.util.List;

/** The kinds that are installed, so that a new one is asked about in every test of what is shipped. */
final class Kinds {

    private static final Path DEFINITIONS = Path.of("deploy/kustomize/crds.yaml");

    private Kinds() {}

    private static List<CustomResourceDefinitionNames> all() {
        return ShippedManifests.in(DEFINITIONS).stream()
                .map(item -> ((CustomResourceDefinition) item).getSpec().getNames())
                .toList();
    }

    static List<String> plurals() {
        return all().stream().map(CustomResourceDefinitionNames::getPlural).toList();
    }

    static List<String> names() {
        return all().stream().map(CustomResourceDefinitionNames::getKind).toList();
    }
}
