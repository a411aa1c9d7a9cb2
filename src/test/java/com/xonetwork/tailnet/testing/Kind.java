package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One of our kinds, as its class says it. */
public record Kind(Class<? extends CustomResource<?, ? extends ConditionedStatus>> type) {

    private static final Path MAIN = Path.of("src/main/java/com/xonetwork/tailnet");

    public String name() {
        return HasMetadata.getKind(type);
    }

    public String singular() {
        return HasMetadata.getSingular(type);
    }

    public String plural() {
        return HasMetadata.getPlural(type);
    }

    public String shortName() {
        return type.getAnnotation(ShortNames.class).value()[0];
    }

    /** The package that reconciles it, for example {@code node}. */
    public String home() {
        try (var files = Files.walk(MAIN)) {
            return files.filter(file -> file.endsWith(name() + "Reconciler.java"))
                    .map(file -> MAIN.relativize(file).getParent().toString())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + name() + "Reconciler"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
