package com.xonetwork.tailnet.pure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Pure} promises is so, and each class that should promise it does. */
@AnalyzeClasses(packages = "com.xonetwork.tailnet", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {

    /** The names of classes that decide or describe. */
    private static final Pattern DECIDES = Pattern.compile(".*(Planner|Statuses|Matcher|Fragments)");

    /** Classes with such a name that promise nothing: the name, and the reason. */
    private static final Map<String, String> NO_PROMISE = Map.of();

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final Pattern CLAIM = Pattern.compile("\\bpure(ly)?\\b", Pattern.CASE_INSENSITIVE);

    private static final JavaClasses FIXTURES = new ClassFileImporter()
            .importClasses(Stream.concat(impureClasses(), Stream.of(Impure.class, NotMarked.class))
                    .toList());

    @ArchTest
    static void pureClassesOnlyCompute(JavaClasses production) {
        var pure = production.stream().filter(Purity::isPure).toList();

        assertThat(pure).hasSizeGreaterThan(200);
        assertThat(Purity.breaches(pure)).isEmpty();
    }

    @ArchTest
    static void whoDecidesIsPure(JavaClasses production) {
        var silent = production.stream()
                .filter(candidate -> candidate.getEnclosingClass().isEmpty())
                .filter(candidate -> DECIDES.matcher(candidate.getSimpleName()).matches())
                .filter(candidate -> !Purity.isPure(candidate))
                .map(JavaClass::getSimpleName);

        assertThat(silent)
                .as("Mark the class with @Pure. If it cannot be pure, add it to NO_PROMISE with the reason.")
                .containsExactlyInAnyOrderElementsOf(NO_PROMISE.keySet());
    }

    @Test
    void nobodyClaimsItInWords() throws IOException {
        try (var sources = Files.walk(Path.of("src/main/java"))) {
            assertThat(sources.filter(path -> path.toString().endsWith(".java"))
                            .filter(path -> !path.endsWith("pure/Pure.java")))
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(claims(Files.readString(source)))
                            .as("%s: a comment proves nothing; use @Pure", source)
                            .isEmpty());
        }
    }

    @Test
    void aClaimInWordsIsFound() {
        assertThat(claims("/** Decides.\n * Pure. */\nclass A { String s = \"pure\"; }"))
                .hasSize(1);
        assertThat(claims("// A pure function.\n")).hasSize(1);
        assertThat(claims("@Pure\nclass A {}")).isEmpty();
    }

    static Stream<Class<?>> impureClasses() {
        return Arrays.stream(Impure.class.getDeclaredClasses());
    }

    @ParameterizedTest
    @MethodSource("impureClasses")
    void theRuleFindsWhatIsImpure(Class<?> impure) {
        var candidate = FIXTURES.get(impure);

        assertThat(Purity.isPure(candidate)).isTrue();
        if (impure == Impure.Innocent.class) {
            assertThat(Purity.breaches(List.of(candidate))).isEmpty();
        } else {
            assertThat(Purity.breaches(List.of(candidate))).isNotEmpty();
        }
    }

    private static Stream<String> claims(String source) {
        return COMMENT.matcher(source)
                .results()
                .map(result -> result.group())
                .filter(comment -> CLAIM.matcher(comment).find());
    }
}
