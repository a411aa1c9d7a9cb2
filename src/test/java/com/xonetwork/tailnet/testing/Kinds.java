package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.ConditionedStatus;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kinds that there are: every class of the API that is a custom resource. So a new kind is asked about by every test that
 * compares something with them (CRDs, chart, Argo CD, documentation) from the moment that its class is there.
 */
public final class Kinds {

    private static final Path API = Path.of("src/main/java/com/xonetwork/tailnet/api/v1alpha1");

    /** By name. */
    public static final List<Kind> ALL = find();

    private Kinds() {}

    private static List<Kind> find() {
        try (var files = Files.list(API)) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .sorted()
                    .flatMap(Kinds::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Kind> read(String simpleName) {
        try {
            var type = Class.forName(ApiGroup.class.getPackageName() + "." + simpleName);
            return CustomResource.class.isAssignableFrom(type) ? Stream.of(new Kind(ours(type))) : Stream.of();
        } catch (ClassNotFoundException e) {
            // package-info has no class when nothing of it is kept.
            return Stream.of();
        }
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends CustomResource<?, ? extends ConditionedStatus>> ours(Class<?> type) {
        return (Class<? extends CustomResource<?, ? extends ConditionedStatus>>) type;
    }

    public static List<Class<? extends CustomResource<?, ? extends ConditionedStatus>>> types() {
        return ALL.stream()
                .<Class<? extends CustomResource<?, ? extends ConditionedStatus>>>map(Kind::type)
                .toList();
    }

    public static List<String> names() {
        return ALL.stream().map(Kind::name).toList();
    }

    public static List<String> singulars() {
        return ALL.stream().map(Kind::singular).toList();
    }

    public static List<String> plurals() {
        return ALL.stream().map(Kind::plural).toList();
    }

    public static Kind named(String name) {
        return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
    }
}
