package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A condition or a reason that is declared and documented, and that no resource ever shows, is a promise that is not kept. */
class UsedConstantsTest {

    @ParameterizedTest
    @ValueSource(classes = {ConditionType.class, Reason.class})
    void theCodeUsesEachConstant(Class<? extends Enum<?>> type) throws IOException {
        var used = used(type.getSimpleName());
        var unused = Arrays.stream(type.getEnumConstants())
                .map(Enum::name)
                .filter(name -> !used.contains(name))
                .toList();
        assertThat(unused)
                .as("constants of %s that no planner gives", type.getSimpleName())
                .isEmpty();
    }

    private static Set<String> used(String type) throws IOException {
        var use = Pattern.compile("\\b" + type + "\\.([A-Z_]+)\\b");
        try (var files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith(type + ".java"))
                    .flatMap(file -> lines(file).stream())
                    .flatMap(line -> use.matcher(line).results())
                    .map(found -> found.group(1))
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
